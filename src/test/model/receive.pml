/* What is believed of what arrives at board b from board p: io.hotpair.core Receiver, PeerView. */

/* PeerView.onFrame: a frame of the met boot that names this one. */
inline take(f) {
  B[b].heard = 0; B[b].ptx = ftx; B[b].lates = 0;
  B[b].prole = fro; B[b].pterm = fte;
  B[b].pint = (ans -> NONE : f.intent); B[b].pver = (ans -> 0 : f.ver); B[b].pprep = f.prep;
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
  B[b].pb = f.boot; B[b].gone = 0; B[b].dead = CAP; B[b].echo = CAP; B[b].se = CAP; B[b].hellop = MI; B[b].hellob = 0;
  B[b].cand = 0; B[b].candtx = CAP;
  B[b].ver = 0; B[b].intent = NONE;
  if :: B[b].role == STANDBY -> B[b].trb = 0 :: else fi;   /* headlessSinceNs */
  take(f)
}

#ifdef F_REPLAY
#define IN_STEP(f) ((old && rst != 0) -> rst <= SETTLE : ftx < SETTLE + B[b].cs[f.boot] - 1)
#else
#define IN_STEP(f) (ftx < SETTLE + B[b].cs[f.boot] - 1)
#endif

/* PeerView.onStranger: a hello that names this boot or claims. It counts as long as it comes in step with this board's clock. */
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
     if :: B[b].cs[f.boot] <= SETTLE -> B[b].hellop = 0; B[b].hellob = f.boot :: else fi
#else
     if
     :: B[b].cs[f.boot] == 0 || ftx < B[b].cs[f.boot] - 1 ->
        B[b].cs[f.boot] = 1 + ftx;
#ifdef F_REPLAY
        if :: old -> rst = 1 :: !old && p == rdir && f.boot == R.boot -> rst = 0 :: else fi
#endif
     :: else
     fi;
#ifdef DROP_STEP        /* whatever claims counts, however old it is */
     B[b].hellop = 0; B[b].hellob = f.boot
#else
     if :: IN_STEP(f) -> B[b].hellop = 0; B[b].hellob = f.boot :: else fi
#endif
#endif
  fi
}

inline hear_term() {
  if :: fte > B[b].seen -> B[b].seen = fte :: else fi
}

/* Receiver.believe: one frame, the answer (ans) or the heartbeat. */
inline believe(f) {
  to = (ans -> f.n2 : f.n1); ec = (ans -> f.e2 : f.e1); ftx = (ans -> f.tx2 : f.tx);
  fro = (ans -> f.r2 : f.role); fte = (ans -> f.t2 : f.term);
  nm = (to == B[b].boot);
  if :: nm == 0 -> ec = CAP :: else fi;
  if
#ifdef DROP_BOOT
     /* Lives are not told apart. Transmit times restart with a life, so what was recorded in an earlier one of the
        sender looks new, and an echo recorded for an earlier one of this board looks as young as the recorder likes. */
  :: true ->
     if :: nm == 0 && to != 0 -> ec = 0 :: else fi;
     if
     :: B[b].pb == 0 -> hear_term(); meet(f)
     :: B[b].pb != 0 && (newer || f.boot != B[p].boot) -> hear_term(); take(f)
     :: else
     fi
#else
  :: (B[b].ret & BIT(f.boot)) || (f.boot == B[b].pb && B[b].gone) -> skip                        /* OLD_BOOT */
  :: f.boot == B[b].pb && !B[b].gone && nm == 1 ->
#ifdef ANSWER_MUTE      /* an answer from the met peer never counts */
     if :: newer && !ans -> hear_term(); take(f) :: else fi
#else
     if :: newer && !(ans && B[b].heard < 2*G) -> hear_term(); take(f) :: else fi                        /* REPLAYED; beside heartbeats answers say nothing */
#endif
  :: else ->
     if
     :: (f.boot == B[b].cand && ftx >= B[b].candtx) || (f.boot == B[b].pb && !newer) -> skip     /* REPLAYED */
     :: else ->
        hear_term();
#ifdef F_REPLAY
        if :: !ans -> B[b].cand = f.boot; B[b].candtx = ftx :: else fi;      /* the heartbeat of the same cell is the newer one */
#endif
        if
        :: nm == 1 && ec < SETTLE && (B[b].pb == 0 || ec < B[b].se) -> meet(f)   /* mayMeet: it answered this boot, later than the met one did */
        :: else ->                                  /* a hello is no sign of life; it is answered */
           B[b].hel = 0;
           if :: nm == 1 || (fro == PRIMARY && !ans) -> stranger(f) :: else fi;
           reply = f.boot; replytx = ftx
        fi
     fi
#endif
  fi
}

/* What is on its way: an answer that was sent before the heartbeat, if any, and the heartbeat. */
inline receive(f) {
  if
  :: f.boot != 0 ->
     ans = (f.n2 != 0);
     do
     :: true -> believe(f); if :: ans -> ans = 0 :: else -> break fi
     od
  :: else
  fi
}

/* The guard's word. It names a boot, so it cannot be about another life. */
inline take_dead() {
  if
  :: deadf[p] != 0 ->
     if
     :: deadf[p] == B[b].pb && !B[b].gone ->
        B[b].gone = 1; B[b].dead = 0;
        if :: B[b].hellob == deadf[p] -> B[b].hellop = MI; B[b].hellob = 0 :: else fi   /* what it claimed is over too */
     :: else
     fi;
     deadf[p] = 0
  :: else
  fi
}

/* Transmitter: the heartbeat names the met boot. An answer to a hello has left in the same cycle, before the roles were judged. */
inline fill(f) {
  if
  :: reply != 0 -> f.n2 = reply; f.e2 = replytx; f.r2 = r0; f.t2 = t0; f.tx2 = 0
  :: reply == 0 && f.boot != B[b].boot -> f.n2 = 0; f.e2 = 0; f.r2 = 0; f.t2 = 0; f.tx2 = 0
  :: else                                                        /* an unread answer stays in the cell */
  fi;
  f.boot = B[b].boot;
#ifdef LOST_NAMES       /* a board that is out and hears nobody still names the peer: a sign of life that hears nothing */
  f.n1 = B[b].pb;
#else
  f.n1 = (OUTROLE(B[b].role) && !ALIVE(b) -> 0 : B[b].pb);    /* Transmitter.lost */
#endif
  f.e1 = (f.n1 != 0 -> B[b].ptx : 0);
  f.role = B[b].role; f.intent = B[b].intent; f.tx = 0;
  f.ver = (B[b].role == JOINING -> B[b].ver : 0);
  f.term = TERM_SHOWN(b); f.prep = B[b].prep
}

inline send() {
  if
  :: !down[b] && B[p].up && !(B[p].paused && B[p].jam) -> fill(F[b])
  :: else
  fi;
#ifdef F_REPLAY
  if :: rec == 1 + b -> fill(R); rdir = b; rnew = 1; rec = 0 :: else fi
#endif
}

inline forget(f) {
  f.boot = 0; f.n1 = 0; f.e1 = 0; f.role = 0; f.term = 0; f.intent = 0; f.ver = 0; f.prep = 0; f.tx = 0;
  f.n2 = 0; f.e2 = 0; f.r2 = 0; f.t2 = 0; f.tx2 = 0
}
