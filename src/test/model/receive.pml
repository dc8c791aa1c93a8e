/* What is believed of what arrives at board b from board p: io.hotpair.core Receiver, PeerView. */

/* PeerView.onFrame: a frame of the met boot that names this one. */
inline take(f) {
  B[b].heard = 0; B[b].ptx = f.tx; B[b].lates = 0;
  B[b].prole = f.role; B[b].pint = f.intent; B[b].pterm = f.term; B[b].pver = f.ver;
  if :: ec < B[b].se -> B[b].se = ec :: else fi;      /* made after an earlier statement, so after what that one returned */
#ifdef ANSWER_LEASE     /* the echo of an answered hello is a lease, though the hello was no sign of life */
  if :: ec < B[b].echo -> B[b].echo = ec :: else fi
#else
  if :: !ans && ec < B[b].echo -> B[b].echo = ec :: else fi
#endif
}

/* PeerView.meet, Group.onPeerMet: everything known of the old boot is void. */
inline meet(f) {
  if :: B[b].pb != 0 -> B[b].ret = B[b].ret | BIT(B[b].pb); B[b].cs[B[b].pb] = 0 :: else fi;
  B[b].pb = f.boot; B[b].gone = 0; B[b].dead = CAP; B[b].echo = CAP; B[b].se = CAP; B[b].hellop = CAP;
  B[b].cand = 0; B[b].candtx = CAP;
  B[b].ver = 0; B[b].intent = NONE;
  if :: B[b].role == STANDBY -> B[b].trb = 0 :: else fi;   /* headlessSinceNs */
  take(f)
}

/* PeerView.onStranger: a hello that names this boot or claims. It counts for as long as it comes. */
inline stranger(f) {
  if
#ifdef DROP_MET_CLAIMS  /* a claim soon after the met boot was heard is taken for a recording, even if it is the met boot that claims */
  :: nm == 0 && B[b].heard < SETTLE -> skip
#else
  :: nm == 0 && f.boot != B[b].pb && !B[b].gone && B[b].se < SETTLE -> skip   /* a newer boot would have had to listen first */
#endif
  :: else ->
#ifdef CLAIM_TIMES_OUT  /* a boot that has not proven itself within the settle time is taken for a recording */
     if :: B[b].cs[f.boot] == 0 -> B[b].cs[f.boot] = 1 :: else fi;
     if :: B[b].cs[f.boot] <= SETTLE -> B[b].hellop = 0 :: else fi
#else
     B[b].hellop = 0
#endif
  fi
}

inline hear_term(f) {
  if :: f.term > B[b].seen -> B[b].seen = f.term :: else fi
}

inline receive(f) {
  nm = 0; ec = CAP; ans = 0;
  if
  :: f.boot != 0 && f.n1 == B[b].boot -> nm = 1; ec = f.e1
  :: f.boot != 0 && f.n1 != B[b].boot && f.n2 == B[b].boot -> nm = 1; ec = f.e2; ans = 1   /* an answer only */
  :: else
  fi;
  if
  :: f.boot == 0 -> skip
#ifdef DROP_BOOT
     /* Lives are not told apart. Transmit times restart with a life, so what was recorded in an earlier one of the
        sender looks new, and an echo recorded for an earlier one of this board looks as young as the recorder likes. */
  :: f.boot != 0 ->
     if :: nm == 0 && f.n1 != 0 -> ec = 0 :: else fi;
     if
     :: B[b].pb == 0 -> hear_term(f); meet(f)
     :: B[b].pb != 0 && (newer || f.boot != B[p].boot) -> hear_term(f); take(f)
     :: else
     fi
#else
  :: f.boot != 0 && ((B[b].ret & BIT(f.boot)) || (f.boot == B[b].pb && B[b].gone)) -> skip       /* OLD_BOOT */
  :: f.boot != 0 && f.boot == B[b].pb && !B[b].gone && nm == 1 ->
     if :: newer && !(ans && B[b].heard < 2*G) -> hear_term(f); take(f) :: else fi                       /* REPLAYED; beside heartbeats answers say nothing */
  :: else ->
     if
     :: (f.boot == B[b].cand && f.tx >= B[b].candtx) || (f.boot == B[b].pb && !newer) -> skip    /* REPLAYED */
     :: else ->
        hear_term(f);
#ifdef F_REPLAY
        B[b].cand = f.boot; B[b].candtx = f.tx;
#endif
        if
        :: nm == 1 && ec < SETTLE && (B[b].pb == 0 || ec < B[b].se) -> meet(f)   /* mayMeet: it answered this boot, later than the met one did */
        :: else ->                                  /* a hello is no sign of life; it is answered */
           B[b].hel = 0;
           if :: nm == 1 || f.role == PRIMARY -> stranger(f) :: else fi;
           reply = f.boot; replytx = f.tx
        fi
     fi
#endif
  fi
}

/* The guard's word. It names a boot, so it cannot be about another life. */
inline take_dead() {
  if
  :: deadf[p] != 0 ->
     if :: deadf[p] == B[b].pb && !B[b].gone -> B[b].gone = 1; B[b].dead = 0 :: else fi;
     deadf[p] = 0
  :: else
  fi
}

/* Transmitter: the regular frame names the met boot; an answer to a hello goes out beside it in the same cell. */
inline fill(f) {
  if :: reply != 0 || f.boot != B[b].boot -> f.n2 = reply; f.e2 = replytx :: else fi;   /* an unread answer stays in the cell */
  f.boot = B[b].boot;
#ifdef LOST_NAMES       /* a board that is out and hears nobody still names the peer: a sign of life that hears nothing */
  f.n1 = B[b].pb;
#else
  f.n1 = (OUTROLE(B[b].role) && !ALIVE(b) -> 0 : B[b].pb);    /* Transmitter.lost */
#endif
  f.e1 = (B[b].pb != 0 -> B[b].ptx : 0);
  f.role = B[b].role; f.intent = B[b].intent; f.tx = 0;
  f.ver = (B[b].role == JOINING -> B[b].ver : 0);
  f.term = (OUTROLE(B[b].role) -> B[b].seen : B[b].term)         /* Group.shownTerm */
}

inline send() {
  if
  :: !down[b] && B[p].up && !(B[p].paused && B[p].jam) -> fill(F[b])
  :: else
  fi;
#ifdef F_REPLAY
  if :: rec == 1 + b -> fill(R); rdir = b; rnew = 1; rec = 0 :: else fi;
#endif
}

inline forget(f) {
  f.boot = 0; f.n1 = 0; f.e1 = 0; f.n2 = 0; f.e2 = 0; f.role = 0; f.term = 0; f.intent = 0; f.ver = 0; f.tx = 0
}
