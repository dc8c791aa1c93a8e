/* The role machine of one group: io.hotpair.core Group, Joining, Arbitration, Handover, Terms. */

/* Terms.next: the smallest above everything heard and own, lowest bit = board id. */
inline next_term() {
#ifdef DROP_TERMBIT
  nx = B[b].seen + 1;
#else
  nx = B[b].seen + 1 + ((B[b].seen + 1 + b) % 2);
#endif
  terms_climb = (nx >= 15);
  assert(!terms_climb)               /* roles come to rest: so few faults never cost so many terms */
}

/* Group.transition */
inline become(r) {
  B[b].role = r; B[b].tmr = 0; B[b].trb = 0; B[b].gate = 0; B[b].intent = NONE; B[b].ver = 0; B[b].shown = 0; B[b].rs = 0
}

/* Group.begin */
inline start_reign(reign, defer) {
#ifdef NO_REIGN         /* this environment gives no reason for a role change */
  role_moved = 1;
  assert(!role_moved);
#endif
  term_reused = ((used & BIT(reign)) != 0);
  assert(!term_reused);              /* I3: no term is ever used by two reigns */
  used = used | BIT(reign);
  nx = reign;
  become(PRIMARY);
  B[b].conf = 0;
  B[b].term = nx; B[b].own = nx; B[b].shown = (defer -> 0 : MI);
  if :: nx > B[b].seen -> B[b].seen = nx :: else fi
}

/* Group.lead */
inline claim(defer) {
  next_term();
  term_reused = ((burnt & BIT(nx)) != 0);
  assert(!term_reused);              /* an offered term opens by the release it was offered for, or never */
  start_reign(nx, defer)
}

#ifdef DROP_SLEPT       /* a board that slept in this silence opens at once, though a new boot of the peer may lead */
#define SLEPT(x) 0
#else
#define SLEPT(x) (B[x].gone -> (B[x].dead >= B[x].wake) : (!ALIVE(x) && B[x].heard >= B[x].wake))   /* sleptThroughSilence */
#endif
#define MAY_CLAIM_TOO(x) (B[x].prole != BOOT || !SAID(x))

/* Group.takeOver */
inline take_over(defer) {
  if
  :: B[b].prep -> skip                                     /* MAY_NOT_LEAD */
  :: B[b].cold -> become(JOINING)                          /* NOT_IN_SYNC */
  :: else -> tos = (defer) || SLEPT(b); claim(tos)
  fi
}

/* Group.doWork: one step. */
inline step() {
  alive = ALIVE(b);
  if
  :: B[b].role == JOINING -> join()
  :: B[b].role == STANDBY -> standby()
  :: B[b].role == PRIMARY -> primary()
  :: B[b].role == ISOLATED ->
     if :: alive || B[b].probe < B[b].tmr -> become(JOINING) :: else fi       /* CONTACT */
  :: else                                                  /* BOOT ends when the environment says so */
  fi
}

inline decide() {
  k = 0;
  do
  :: k < 4 ->
     was = B[b].role;
     step();
     k = (B[b].role == was -> 4 : k + 1)
  :: else -> break
  od
}

/* ---- STANDBY */
inline standby() {
  if
  :: B[b].gone ->
     if :: SAID_NOW(b) -> take_over(0); B[b].conf = (B[b].role == PRIMARY) :: else fi     /* PEER_DEAD */
#ifdef DROP_BURNT      /* whoever released comes back on its own, in its old term */
  :: !B[b].gone && !alive && B[b].intent == RELEASED -> start_reign(B[b].own, 0)
#endif
  :: else ->
     if
     :: !alive -> silence()
     :: alive && SAYS_OUT(b) ->
        if
        :: B[b].prep && B[b].prole == JOINING -> headless()                    /* it waits for this board: let the verdict decide */
        :: else -> tos = MAY_CLAIM_TOO(b); take_over(tos)                      /* PEER_OUT */
        fi
     :: alive && !SAYS_OUT(b) && B[b].prole == PRIMARY ->
        B[b].trb = 0;
        if :: B[b].pterm > B[b].term -> B[b].term = B[b].pterm :: else fi;
        follow()
     :: else ->
        if :: B[b].pint == RELEASED && SAID(b) -> released() :: else -> headless() fi
     fi
  fi
}

/* Arbitration: only an answer to a probe that was sent after the last heartbeat and after waking counts. */
#ifdef DROP_LATE_JUDGE
#define ANSWERED(x) (B[x].probe < B[x].heard && B[x].probe <= G + ARB)
#else
#define ANSWERED(x) (B[x].probe < B[x].heard && B[x].probe < B[x].wake && B[x].probe <= G + ARB)   /* answeredSinceSilence */
#endif
#ifdef SILENCE_DESPITE_CLAIM  /* a claim that does not name this board keeps no standby from taking over */
#define DEAF_PEER(x) 0
#else
#define DEAF_PEER(x) (!QUIET_HELLO(x))
#endif
inline silence() {
  if
  :: !POLICY_HOLD && MAY_JUDGE(b) && !DEAF_PEER(b) ->
     if
#ifdef STAYS_IN_SILENCE  /* a standby that may not lead stays one beside a peer that it does not hear, and names it */
     :: ANSWERED(b) -> take_over(0)                                            /* PEER_SILENT */
#else
     :: ANSWERED(b) && B[b].prep -> headless()                                 /* it joins anew, so that it is lost and names nobody */
     :: ANSWERED(b) && !B[b].prep -> take_over(0)                              /* PEER_SILENT */
#endif
     :: !ANSWERED(b) && B[b].heard >= MI + ARB && B[b].jdg >= G + ARB ->
        become(ISOLATED)                                                       /* CUT_OFF */
     :: else
     fi
  :: else
  fi
}

inline released() {
  if
  :: B[b].intent == READY && !B[b].cold && !B[b].prep -> start_reign(B[b].offer, 0)    /* HANDOVER */
#ifdef DROP_RELEASE_ECHO  /* a release is believed from a peer that does not hear this board */
  :: B[b].intent == RELEASED -> headless()
#else
  :: B[b].intent == RELEASED || (B[b].intent != READY && !ECHO_OK(b)) -> headless()
#endif
  :: else -> take_over(0)                                                      /* PEER_RELEASED */
  fi
}

/* Both follow and nobody leads for 2 T. */
inline headless() {
#ifndef DROP_HEADLESS
  if
  :: B[b].trb == 0 || B[b].trb - 1 > B[b].wake -> B[b].trb = 1
  :: else -> if :: B[b].trb > 2*T && MAY_JUDGE(b) -> become(JOINING) :: else fi
  fi
#else
  skip
#endif
}

/* Handover.follow */
inline follow() {
  if :: B[b].intent == RELEASED || (B[b].intent == READY && B[b].pint != PREPARE) -> B[b].intent = NONE; B[b].offer = 0 :: else fi;
  if
  :: B[b].pint == PREPARE && B[b].intent != READY && !B[b].cold && !B[b].prep ->
     next_term(); B[b].offer = nx; B[b].intent = READY;
#ifndef DROP_OFFER  /* an offered term is burnt, durably, whatever comes of the offer */
     B[b].own = nx; B[b].seen = nx;
#endif
     term_reused = (((burnt | used) & BIT(nx)) != 0);
     assert(!term_reused);
     burnt = burnt | BIT(nx)
  :: else
  fi
}

/* ---- PRIMARY */
inline primary() {
  if
  :: SHOWS_PRIMARY(b) && B[b].pterm > B[b].term -> become(STANDBY)             /* HIGHER_TERM */
  :: else ->
     if
     :: !alive ->
        if :: B[b].intent == PREPARE -> B[b].intent = NONE :: else fi;
        bad = !POLICY_HOLD && MAY_JUDGE(b) && !LEASED(b);
        trouble(SETTLE);
        if :: due -> become(ISOLATED) :: else fi                               /* CUT_OFF */
     :: else -> with_standby()
     fi
  fi
}

inline with_standby() {
  if
  :: B[b].intent == PREPARE && B[b].pint == READY && B[b].prole == STANDBY && ECHO_OK(b) ->
     become(STANDBY); B[b].intent = RELEASED                                   /* HANDOVER */
  :: else ->
     if
     :: B[b].intent != PREPARE && B[b].prole == STANDBY && B[b].pint == PREPARE && ECHO_OK(b) -> B[b].intent = PREPARE
     :: else
     fi;
#ifndef DROP_UNHEARD
     bad = SHOWN(b) && !LEASED(b) && !OUTROLE(B[b].prole);
     trouble(2*T);
     if :: due -> become(STANDBY); B[b].intent = RELEASED :: else fi           /* UNHEARD_BY_PEER */
#endif
  fi
}

/* Group.troubleFor: since when, counted anew after a lateness; 0 = no trouble, else age + 1. */
inline trouble(bound) {
  due = 0;
  if
  :: !bad -> B[b].trb = 0
  :: else ->
     if :: B[b].trb == 0 || B[b].trb - 1 > B[b].wake -> B[b].trb = 1 :: else fi;
     due = (B[b].trb > bound)
  fi
}

#ifdef DROP_PREP_BOUND  /* whoever is preparing is waited for, however long */
#define PREP_WAIT (B[b].prep || B[b].pprep)
#else
#define PREP_WAIT ((B[b].prep || B[b].pprep) && B[b].tmr < SETTLE_MAX)
#endif

/* ---- JOINING: first started is primary. The verdict is computed once, by board 0. */
inline join() {
  /* trackReadiness: rs is 1 + the age of readiness, 0 = not ready */
  if
  :: !ckdown[b] -> if :: B[b].rs == 0 -> B[b].rs = 1 :: else fi
  :: ckdown[b] && B[b].tmr >= SETTLE_MAX - SETTLE -> if :: B[b].rs == 0 -> B[b].rs = 1 :: else fi
  :: else -> B[b].rs = 0
  fi;
  if
  :: alive && B[b].prole == PRIMARY -> become(STANDBY)                         /* FOLLOW */
  :: alive && B[b].prole == JOINING ->
     if
     :: ECHO_OK(b) && SAID(b) ->
        if
        :: b == 0 ->
           /* decideOnce: again if the chosen one may not lead; whoever is preparing is waited for, up to settle-max */
           if
           :: (B[b].ver == 1 && !B[b].prep) || (B[b].ver == 2 && !B[b].pprep) -> skip
           :: !((B[b].ver == 1 && !B[b].prep) || (B[b].ver == 2 && !B[b].pprep)) && PREP_WAIT -> skip
           :: else -> B[b].ver = (B[b].prep -> (B[b].pprep -> 0 : 2) : (B[b].pprep -> 1 : 1 + elder))
           fi
        :: else -> B[b].ver = B[b].pver
        fi;
#ifdef DROP_VERDICT_ECHO  /* the verdict is not echoed */
        if :: B[b].ver == 1 + b && !B[b].prep -> claim(0) :: else fi
#else
        if :: B[b].ver == 1 + b && !B[b].prep && (b == 1 || B[b].pver == B[b].ver) -> claim(0) :: else fi   /* LEAD_BY_VERDICT */
#endif
     :: else
     fi
  :: alive && B[b].prole == BOOT ->
     if
     :: SAID(b) && B[b].rs > SETTLE && !B[b].prep -> claim(1)                                /* LEAD_PEER_CANNOT, shown first */
     :: else
     fi
  :: alive && (B[b].prole == STANDBY || B[b].prole == ISOLATED) -> skip
  :: else ->
     B[b].ver = 0;
#ifdef DROP_SETTLE
     if :: !POLICY_HOLD && B[b].probe == 0 -> claim(0)
#else
     if
     :: !POLICY_HOLD && B[b].rs > SETTLE && MAY_JUDGE(b) && QUIET_HELLO(b) && B[b].heard >= SETTLE && LISTENED(b) &&
        B[b].tmr >= SETTLE && (B[b].hel >= SETTLE || B[b].tmr >= SETTLE_MAX) ->
        if
        :: B[b].probe < SETTLE && B[b].prep -> skip
        :: B[b].probe < SETTLE && !B[b].prep -> claim(1)                                     /* NOBODY_THERE, shown first */
        :: else -> become(ISOLATED)                                            /* CUT_OFF */
        fi
#endif
     :: else
     fi
  fi
}
