/*
 * The pair protocol: who may speak. Two boards in slotted time; one slot is one heartbeat interval.
 *
 *             self test failed: not modelled, a FAULT board is one that never claims
 *   JOINING --peer is primary / verdict lost--> STANDBY --silence, DEAD, out, released--> PRIMARY
 *      |  `--settled in silence / verdict won------------------------------------------->  |
 *      |<-- checkpoint or peer back -- ISOLATED <-- cut off -------------------------------'
 *
 * Every slot the environment first does what its budget allows, then both boards run one cycle in either
 * order (a paused board runs none), then all ages grow. Ages saturate, so the state space is finite.
 * All time conditions are closed (age <= lease, age >= silence) and a gate is looked at before, between and
 * after the two cycles: whole slots are then as hard on the rules as real time would be.
 *
 * See README.md for what is abstracted, and `run` for the configurations.
 */

/* ---- Timing, in slots. M = 3 misses; margins are one whole slot, so what is strict in the rules stays strict. */
#define MI      3      /* misses x interval: a channel is fresh below this */
#define LEASE   2      /* own cycle not older than this (2.5 I in the default profile) */
#define ECHO    2      /* MI - margin */
#define DRAIN   1      /* (M - 1) x interval - margin: alone, the last drain must be younger than this */
#define ALONE   2      /* 1.5 I, rounded up */
#define T       4      /* MI + arbitration */
#ifndef SETTLE
#define SETTLE  6      /* longer than the alone window */
#endif
#define CAP     (2*T)  /* where ages saturate: nothing looks further back than 2T */

/* ---- Roles, intents. */
#define OFF       0
#define JOINING   1
#define STANDBY   2
#define PRIMARY   3
#define ISOLATED  4
#define NONE      0
#define PREPARE   1
#define READY     2
#define RELEASED  3

#ifndef BUDGET
#define BUDGET 2
#endif
#ifndef CALM
#define CALM 20        /* slots after the last fault within which a gate must be open */
#endif
#ifndef BOOTS
#define BOOTS 3        /* boot ids 1..BOOTS per board */
#endif

typedef Board {
  bit  up; bit paused; bit jam;     /* jam: its receive buffer is full or not there, newer frames are lost */
  byte boot; byte role; byte term;
  byte own;                          /* durable: highest own term used or offered */
  byte seen;                         /* highest term heard or own */
  byte pb;                           /* established boot of the peer, 0 = none */
  byte ret;                          /* retired boots of the peer, one bit each */
  byte cand; byte candtx;            /* a hello's boot and the age of its newest frame */
  byte ptx;                          /* age of the established peer's newest frame, by its transmit time */
  byte heard;                        /* since the last valid frame arrived */
  byte hellop;                       /* since a hello showed PRIMARY or named this boot */
  byte prole; byte pint; byte pterm; byte pver;  /* the newest statement of the peer */
  bit  stale;                        /* that statement was drained after a lateness */
  byte echo;                         /* age of the newest own frame that came back */
  byte cyc;                          /* since the own last cycle */
  byte wake; byte lates;             /* since the last lateness; lateness count in this silence */
  byte probe;                        /* since the last answered probe was sent */
  byte dead;                         /* since the peer was declared DEAD */
  byte tmr;                          /* settle in JOINING, nobody leads in STANDBY, unheard in PRIMARY */
  byte shown;                         /* since this claim by silence was first shown */
  byte intent; byte ver;             /* ver: 0 none, 1 board 0 leads, 2 board 1 leads */
  bit  gate;                         /* latch: opened by a cycle, shut by the clock */
};

typedef Frame {
  byte boot; byte n1; byte e1;       /* boot 0: no frame; names n1, echoes its frame of age e1 */
  byte n2; byte e2;                  /* the reply to a hello that goes out beside the periodic frame */
  byte role; byte term; byte intent; byte ver; byte tx;
};

Board B[2];
Frame F[2];                          /* F[d]: the newest frame on its way from board d */
byte  deadf[2];                      /* boot of board d that its guard declared DEAD, on its way */
bit   down[2];                       /* every channel from board d to the other is down */
bit   ckdown[2];                     /* checkpoints of board d do not answer */
bit   elder;                         /* the board that started first */
byte  budget = BUDGET;
byte  calm;                          /* slots since the environment last changed anything */
byte  dark;                          /* slots since a gate was open */
byte  first;                         /* which board's cycle comes first in this slot */
short used; short burnt;             /* terms of reigns so far, and terms offered */
#ifdef F_REPLAY
Frame R; bit rdir; bit rnew;         /* one recorded frame of board rdir; rnew: receiver has seen nothing newer */
bit replay;                          /* it is put on the line in this slot */
byte rec;                            /* 1 + the board whose next frame gets recorded */
#endif

hidden byte b; hidden byte p; hidden byte i; hidden byte nm; hidden byte ec; hidden byte nx;
hidden byte late; hidden byte cond; hidden byte alive; hidden byte judge; hidden byte newer;
hidden byte open0; hidden byte open1; hidden byte dark_too_long; hidden byte term_reused; hidden byte terms_climb; hidden byte role_moved;

#ifdef HOLD
#define POLICY_HOLD 1
#else
#define POLICY_HOLD 0
#endif

/* ---- Rules that can be taken away, one at a time. */
#ifdef DROP_ECHO        /* lease by echo: an open gate asks for no echo */
#define ECHO_OK(x) 1
#else
#define ECHO_OK(x) (B[x].pb != 0 && B[x].echo <= ECHO && B[x].echo <= B[x].wake)
#endif
#ifdef DROP_LATE_EMIT   /* own lateness: what the last cycle found holds until the next, the clock is not asked */
#define OPEN(x)     (B[x].up && !B[x].paused && B[x].gate)
#else
#define OPEN(x)     (B[x].up && !B[x].paused && B[x].gate && LEASED(x))
#endif
#ifdef DRAIN_LEASE      /* alone or beside an out peer the last drain may be as old as the lease */
#define DRAIN_OK(x) 1
#else
#define DRAIN_OK(x) (B[x].cyc <= DRAIN)
#endif

#ifdef DROP_HELLO       /* a hello that shows PRIMARY is ignored */
#define HELLO_QUIET(x) 1
#else
#define HELLO_QUIET(x) (B[x].hellop >= MI)
#endif

#ifdef DROP_SHOW        /* an out board that claims by silence opens at once */
#define SHOWN(x) 1
#else
#define SHOWN(x) (B[x].shown >= MI)
#endif

#ifdef LATE_TWO         /* late only when a cycle is later than its deadline by more than an interval */
#define LATE_GAP 3
#else
#define LATE_GAP 2
#endif

#ifdef DROP_LATE_JUDGE  /* own lateness: silence is judged right after waking, as if awake all along */
#define DROP_SLEPT
#define MAY_JUDGE(x) 1
#else
#define MAY_JUDGE(x) (B[x].wake >= 1)   /* one further full interval */
#endif

/* ---- The lease. */
#define ALIVE(x)    (B[x].pb != 0 && B[x].heard < MI)
#ifdef VERDICT_OUT      /* a JOINING peer counts as out even while it waits for the echo of its victory */
#define OUTROLE(x)  (B[x].prole == ISOLATED || B[x].prole == JOINING)
#else
#define OUTROLE(x)  (B[x].prole == ISOLATED || (B[x].prole == JOINING && !(B[x].ver == 2 - x && B[x].pver == 2 - x)))
#endif
#ifdef STALE_OUT        /* statements drained after a lateness count like any other */
#define SAYS_OUT(x) (ALIVE(x) && OUTROLE(x))
#else
#define SAYS_OUT(x) (ALIVE(x) && OUTROLE(x) && !B[x].stale)
#endif
#define PROBE_OK(x) (POLICY_HOLD || B[x].probe <= ((B[x].heard >= T && B[x].wake >= T) -> SETTLE : LEASE))
#ifdef ALONE_NOW        /* alone is judged by the clock, though frames may lie undrained */
#define DRAINED(x) 0
#else
#define DRAINED(x) (B[x].cyc)
#endif
#ifdef ALONE_DEAF       /* 1.5 I will do although the peer did not hear this board when it fell silent */
#define ALONE_WAIT(x) ALONE
#else
#define ALONE_WAIT(x) ((B[x].echo - B[x].heard <= MI - ALONE) -> ALONE : MI)
#endif
#define UNHEARD(x) (B[x].heard >= ALONE_WAIT(x) + DRAINED(x) && B[x].wake >= ALONE + DRAINED(x))
#define ALONE_OK(x) (UNHEARD(x) && PROBE_OK(x) && HELLO_QUIET(x))
#ifdef DEAD_KEEPS       /* DEAD stays good for the settle time, whatever happens meanwhile */
#define DEAD_OK(x)  (B[x].dead <= SETTLE)
#else
#define DEAD_OK(x)  (B[x].dead <= SETTLE && B[x].dead <= B[x].wake && HELLO_QUIET(x))
#endif
#define OUT_OK(x)   (DEAD_OK(x) || SAYS_OUT(x))
#define LEASED(x)   (B[x].role == PRIMARY && B[x].cyc <= LEASE && SHOWN(x) && (ECHO_OK(x) || (DRAIN_OK(x) && (ALONE_OK(x) || OUT_OK(x)))))
#define BLOCKED(x)  ((ALIVE(x) && B[x].prole == PRIMARY) || !HELLO_QUIET(x))

#define BIT(x)      (1 << (x))

/* ---- Terms: the smallest above everything heard and own, lowest bit = board id. */
inline next_term() {
#ifdef DROP_TERMBIT
  nx = B[b].seen + 1;
#else
  nx = B[b].seen + 1 + ((B[b].seen + 1 + b) % 2);
#endif
  terms_climb = (nx >= 15);
  assert(!terms_climb)               /* roles come to rest: so few faults never cost so many terms */
}

inline start_reign(reign) {
#ifdef NO_REIGN         /* this environment gives no reason for a role change */
  role_moved = 1;
  assert(!role_moved);
#endif
  term_reused = ((used & BIT(reign)) != 0);
  assert(!term_reused);              /* I3: no term is ever used by two reigns */
  used = used | BIT(reign);
  B[b].role = PRIMARY; B[b].term = reign; B[b].gate = 0; B[b].tmr = 0; B[b].intent = NONE; B[b].ver = 0;
  B[b].shown = CAP; B[b].own = reign;
  if :: reign > B[b].seen -> B[b].seen = reign :: else fi
}

inline claim() {
  next_term();
  term_reused = ((burnt & BIT(nx)) != 0);
  assert(!term_reused);              /* an offered term opens by the release it was offered for, or never */
  start_reign(nx)
}

inline become(r) {
  B[b].role = r; B[b].tmr = 0; B[b].gate = 0; B[b].intent = NONE;
  if :: r == JOINING -> B[b].ver = 0 :: else fi
}

/* ---- A frame arrives at board b from board p. */
inline take(f) {
  B[b].heard = 0; B[b].ptx = f.tx; B[b].lates = 0;
  B[b].prole = f.role; B[b].pint = f.intent; B[b].pterm = f.term; B[b].pver = f.ver;
  B[b].stale = late;
  if :: ec < B[b].echo -> B[b].echo = ec :: else fi
}

inline adopt(f) {
  if :: B[b].pb != 0 -> B[b].ret = B[b].ret | BIT(B[b].pb) :: else fi;
  B[b].pb = f.boot; B[b].cand = 0; B[b].candtx = CAP; B[b].echo = CAP; B[b].dead = CAP; B[b].hellop = CAP;
  B[b].ver = 0;                      /* a verdict is about two boots */
  take(f)
}

inline receive(f) {
  if
  :: f.boot != 0 ->
     if :: f.term > B[b].seen -> B[b].seen = f.term :: else fi;
     nm = 0; ec = CAP;
     if
     :: f.n1 == B[b].boot -> nm = 1; ec = f.e1
     :: f.n1 != B[b].boot && f.n2 == B[b].boot -> nm = 1; ec = f.e2
     :: else
     fi;
#ifdef DROP_BOOT
     /* Lives are not told apart. Transmit times restart with a life, so what was recorded in an earlier one of the
        sender looks new, and an echo recorded for an earlier one of this board looks as young as the recorder likes. */
     if :: nm == 0 && f.n1 != 0 -> ec = 0 :: else fi;
     if
     :: B[b].pb == 0 -> adopt(f)
     :: B[b].pb != 0 && (newer || f.boot != B[p].boot) -> take(f)
     :: else
     fi
#else
     if
     :: B[b].ret & BIT(f.boot) -> nm = 0                      /* retired */
     :: !(B[b].ret & BIT(f.boot)) && nm == 1 && f.boot == B[b].pb ->
        if :: newer -> take(f) :: else fi                     /* sequence: duplicates and late ones are dropped */
     :: !(B[b].ret & BIT(f.boot)) && nm == 1 && f.boot != B[b].pb && ec < SETTLE ->
        adopt(f)                                              /* three-way: it answered this boot, lately */
     :: else ->                                               /* a hello is no sign of life */
        if
        :: f.boot != B[b].cand || f.tx < B[b].candtx ->       /* transmit times rise within a boot */
           B[b].cand = f.boot; B[b].candtx = f.tx;
           if :: f.role == PRIMARY || nm == 1 -> B[b].hellop = 0 :: else fi
        :: else
        fi
     fi
#endif
  :: else
  fi
}

#ifdef DEAD_KEEPS
#define DEAD_AGE 0
#else
#define DEAD_AGE (late -> CAP : 0)   /* how long it lay in the buffer is not known */
#endif

/* ---- One cycle of board b: drain, judge, decide, send. */
inline cycle() {
  p = 1 - b;
  late = (B[b].cyc >= LATE_GAP);
  if
  :: late && B[b].lates < 3 -> B[b].wake = 0; B[b].tmr = 0; B[b].lates++
  :: late && B[b].lates >= 3 -> skip
  :: else
  fi;
  B[b].cyc = 0;
  if :: !ckdown[b] -> B[b].probe = 0 :: else fi;
#ifdef F_REPLAY
  if :: replay && rdir == p -> newer = rnew; receive(R); replay = 0; rnew = 0 :: else fi;
  if :: F[p].boot != 0 && p == rdir -> rnew = 0 :: else fi;
#endif
  newer = 1;
  receive(F[p]);
  F[p].boot = 0; F[p].n1 = 0; F[p].e1 = 0; F[p].n2 = 0; F[p].e2 = 0; F[p].role = 0; F[p].term = 0;
  F[p].intent = 0; F[p].ver = 0; F[p].tx = 0;
  B[b].jam = 0;
  if
  :: deadf[p] != 0 ->
     if
     :: deadf[p] == B[b].pb ->       /* DEAD names a boot, so it cannot be about another life */
        B[b].ret = B[b].ret | BIT(B[b].pb); B[b].pb = 0; B[b].dead = DEAD_AGE; B[b].heard = CAP; B[b].echo = CAP;
        B[b].prole = 0; B[b].pint = 0; B[b].pver = 0; B[b].ptx = CAP
     :: else
     fi;
     deadf[p] = 0
  :: else
  fi;
  decide();
  /* The latch: a gate that was shut opens only if the peer does not show PRIMARY. */
  cond = LEASED(b);
  if
  :: !cond -> B[b].gate = 0
  :: cond && !B[b].gate -> if :: !BLOCKED(b) -> B[b].gate = 1 :: else fi
  :: else
  fi;
  send()
}

inline decide() {
  alive = ALIVE(b);
  judge = !alive && MAY_JUDGE(b);
  if
  :: B[b].role == PRIMARY ->
     if
     :: alive && B[b].prole == PRIMARY && B[b].pterm > B[b].term -> become(STANDBY)
     :: !alive && !POLICY_HOLD && B[b].heard >= T && B[b].probe >= T -> become(ISOLATED)
     :: else ->
        if :: !alive || B[b].echo <= ECHO || OUT_OK(b) -> B[b].tmr = 0 :: else fi;
        if
        :: B[b].tmr >= 2*T -> become(STANDBY)                 /* heard, but unheard by the peer */
        :: else -> handover_primary()
        fi
     fi
  :: B[b].role == STANDBY ->
     if
     :: B[b].dead == 0 -> claim()
     :: SAYS_OUT(b) -> claim()
     :: alive && B[b].prole == PRIMARY -> B[b].tmr = 0; B[b].ver = 0; handover_standby()
     :: alive && B[b].prole == STANDBY -> both_standby()
#ifdef DROP_BURNT      /* whoever released comes back on its own, in its old term */
     :: B[b].intent == RELEASED && !alive -> start_reign(B[b].own)
#endif
     :: judge && !POLICY_HOLD ->                              /* total silence: arbitration */
        if
        :: B[b].probe == 0 ->
           claim();
#ifndef DROP_SLEPT   /* a board that slept in this silence shows its claim first: who leads may have rebooted */
           if :: B[b].wake <= B[b].heard -> B[b].shown = 0 :: else fi
#endif
        :: else -> become(ISOLATED)
        fi
     :: else
     fi
  :: B[b].role == JOINING -> join()
  :: B[b].role == ISOLATED ->
     if :: alive || B[b].probe == 0 -> become(JOINING) :: else fi
  :: else
  fi
}

/* ---- Join: first started is primary. The verdict is computed once, by board 0. */
inline join() {
  if
  :: alive && B[b].prole == PRIMARY -> become(STANDBY)
  :: alive && b == 0 && B[b].ver != 0 && B[b].pver == B[b].ver && B[b].prole != ISOLATED ->
     if :: B[b].ver == 1 -> claim() :: else -> become(STANDBY) fi
  :: alive && b == 0 && B[b].ver == 0 && B[b].prole == JOINING && B[b].echo <= ECHO ->
     B[b].ver = 1 + elder
  :: alive && b == 1 && B[b].prole == JOINING && B[b].pver != 0 ->
     B[b].ver = B[b].pver;
     if :: B[b].ver == 2 -> claim() :: else -> become(STANDBY) fi
  :: else ->
     if :: alive -> B[b].tmr = 0 :: else fi;
#ifdef DROP_SETTLE
     if :: !alive && !POLICY_HOLD && B[b].probe == 0 -> claim()
#else
     if
     :: judge && !POLICY_HOLD && B[b].tmr >= SETTLE && HELLO_QUIET(b) ->
        if
        :: B[b].probe == 0 -> claim(); B[b].shown = 0
        :: else -> become(ISOLATED)
        fi
#endif
     :: else
     fi
  fi
}

/* ---- Handover: prepare, ready and released are states; the offered term is burnt. */
inline handover_primary() {
  if
  :: B[b].intent == PREPARE ->
     if
     :: alive && B[b].prole == STANDBY && B[b].pint == READY -> become(STANDBY); B[b].intent = RELEASED
     :: else -> if :: !alive || B[b].prole != STANDBY -> B[b].intent = NONE :: else fi
     fi
  :: else
  fi
}

inline handover_standby() {
  if
  :: B[b].pint == PREPARE && B[b].intent != READY ->
     next_term(); B[b].term = nx; B[b].intent = READY;
#ifndef DROP_OFFER  /* an offered term is burnt, durably, whatever comes of the offer */
     B[b].own = nx; B[b].seen = nx;
#endif
     term_reused = (((burnt | used) & BIT(nx)) != 0);
     assert(!term_reused);
     burnt = burnt | BIT(nx)
  :: B[b].pint == NONE -> B[b].intent = NONE
  :: else
  fi
}

#ifdef DROP_RELEASE_ECHO  /* a release is believed from a peer that does not hear this board */
#define RELEASE_OK (B[b].pint == RELEASED && !B[b].stale)
#else
#define RELEASE_OK (B[b].pint == RELEASED && !B[b].stale && B[b].echo <= ECHO)
#endif
inline both_standby() {
  if
  :: RELEASE_OK && B[b].intent == READY -> start_reign(B[b].term)
  :: RELEASE_OK && B[b].intent == NONE -> claim()
  :: else -> if :: B[b].tmr >= 2*T -> become(JOINING) :: else fi
  fi
}

/* ---- A frame goes out in every slot: hello reply and periodic frame share one cell. */
inline send() {
  if
  :: !down[b] && B[p].up && !(B[p].paused && B[p].jam) -> fill(F[b])
  :: else
  fi;
#ifdef F_REPLAY
  if :: rec == 1 + b -> fill(R); rdir = b; rnew = 1; rec = 0 :: else fi;
#endif
}

inline fill(f) {
  f.boot = B[b].boot;
  if
  :: ALIVE(b) || (B[b].pb != 0 && B[b].cand == 0) ->
     f.n1 = B[b].pb; f.e1 = B[b].ptx; f.n2 = B[b].cand; f.e2 = B[b].candtx
  :: else ->
     f.n1 = B[b].cand; f.e1 = B[b].candtx; f.n2 = 0; f.e2 = 0
  fi;
  if :: f.n2 == 0 -> f.e2 = 0 :: else fi;
  if :: f.n1 == 0 -> f.e1 = 0 :: else fi;
  f.role = B[b].role; f.intent = B[b].intent; f.ver = B[b].ver; f.tx = 0;
  f.term = B[b].term
}

/* ---- One line per look at the gates, for reading a counterexample (spin -t -DTRACE). */
#ifdef TRACE
#define SHOW1(x) printf(" | %d%d%d role %d term %d gate %d%d pb %d hd %d hp %d echo %d cyc %d wk %d pr %d dd %d tm %d sh %d st %d/%d/%d/%d in %d v %d", \
  B[x].up, B[x].paused, B[x].jam, B[x].role, B[x].term, B[x].gate, (x -> open1 : open0), B[x].pb, B[x].heard, B[x].hellop, B[x].echo, B[x].cyc, \
  B[x].wake, B[x].probe, B[x].dead, B[x].tmr, B[x].shown, B[x].prole, B[x].pterm, B[x].pint, B[x].stale, B[x].intent, B[x].ver)
#define SHOW printf("%d%d c%d%d b%d calm %d dark %d f%d i%d", down[0], down[1], ckdown[0], ckdown[1], budget, calm, dark, first, i); SHOW1(0); SHOW1(1); printf("\n")
#else
#define SHOW skip
#endif

/* ---- What must always hold. */
inline check() {
  open0 = OPEN(0); open1 = OPEN(1);
  SHOW;
  assert(!(open0 && open1));         /* I1: never two open gates */
  if :: open0 || open1 -> dark = 0 :: else fi
}

#define OLDER(x) if :: x < CAP -> x++ :: else fi

inline age_frame(f) {
  if :: f.boot != 0 ->
        OLDER(f.tx);
        if :: f.n1 != 0 -> OLDER(f.e1) :: else fi;
        if :: f.n2 != 0 -> OLDER(f.e2) :: else fi
     :: else
  fi
}

inline age() {
  b = 0;
  do
  :: b < 2 ->
     if
     :: B[b].up ->
        OLDER(B[b].candtx); OLDER(B[b].ptx); OLDER(B[b].heard); OLDER(B[b].hellop); OLDER(B[b].echo);
        OLDER(B[b].cyc); OLDER(B[b].wake); OLDER(B[b].probe); OLDER(B[b].dead); OLDER(B[b].tmr); OLDER(B[b].shown)
     :: else
     fi;
     age_frame(F[b]);
     b++
  :: else -> break
  od;
#ifdef F_REPLAY
  age_frame(R);
#endif
  if :: calm < CALM -> calm++ :: else fi;
  if :: dark < CALM -> dark++ :: else fi
}

inline fresh_board(x) {
  B[x].up = 1; B[x].paused = 0; B[x].jam = 0; B[x].boot++; B[x].role = JOINING; B[x].term = 0;
  B[x].seen = B[x].own; B[x].pb = 0; B[x].ret = 0; B[x].cand = 0; B[x].candtx = CAP; B[x].ptx = CAP;
  B[x].heard = CAP; B[x].hellop = CAP; B[x].prole = 0; B[x].pint = 0; B[x].pterm = 0; B[x].pver = 0;
  B[x].stale = 0; B[x].echo = CAP; B[x].cyc = 1; B[x].wake = 0; B[x].lates = 0; B[x].probe = CAP;
  B[x].dead = CAP; B[x].tmr = 0; B[x].shown = CAP; B[x].intent = 0; B[x].ver = 0; B[x].gate = 0
}

inline wipe_board(x) {   /* an absent board has one state, so that it multiplies nothing */
  B[x].up = 0; B[x].paused = 0; B[x].jam = 0; B[x].role = OFF; B[x].term = 0;
  B[x].seen = B[x].own; B[x].pb = 0; B[x].ret = 0; B[x].cand = 0; B[x].candtx = CAP; B[x].ptx = CAP;
  B[x].heard = CAP; B[x].hellop = CAP; B[x].prole = 0; B[x].pint = 0; B[x].pterm = 0; B[x].pver = 0;
  B[x].stale = 0; B[x].echo = CAP; B[x].cyc = 1; B[x].wake = 0; B[x].lates = 0; B[x].probe = CAP;
  B[x].dead = CAP; B[x].tmr = 0; B[x].shown = CAP; B[x].intent = 0; B[x].ver = 0; B[x].gate = 0;
  F[1-x].boot = 0; F[1-x].n1 = 0; F[1-x].e1 = 0; F[1-x].n2 = 0; F[1-x].e2 = 0; F[1-x].role = 0; F[1-x].term = 0;
  F[1-x].intent = 0; F[1-x].ver = 0; F[1-x].tx = 0; deadf[1-x] = 0
}

/* ---- The environment. Under `takeover` not all channels fail while both boards live: one direction at most. */
#define BOTH_UP (B[0].up && B[1].up)
#ifdef HOLD
#define MAY_CUT(d) 1
#else
#define MAY_CUT(d) (!down[1-d])
#endif

#ifdef STANDBY_ONLY
#define MAY_PAUSE(x) (B[x].role != PRIMARY)
#else
#define MAY_PAUSE(x) 1
#endif

inline env_board(x) {
  do
#ifdef F_CUT
  :: !down[x] && MAY_CUT(x) && budget > 0 -> budget--; calm = 0; down[x] = 1
  :: down[x] -> calm = 0; down[x] = 0; break
#endif
#ifdef F_CK
  :: !ckdown[x] && budget > 0 -> budget--; calm = 0; ckdown[x] = 1
  :: ckdown[x] -> calm = 0; ckdown[x] = 0; break
#endif
#ifdef F_PAUSE
  :: B[x].up && !B[x].paused && MAY_PAUSE(x) && budget > 0 -> budget--; calm = 0; B[x].paused = 1
  :: B[x].paused -> calm = 0; B[x].paused = 0; break
  :: B[x].paused && !B[x].jam -> B[x].jam = 1; break
#endif
#ifdef F_CRASH
  :: B[x].up && budget > 0 -> budget--; calm = 0; d_step { wipe_board(x) }; break
  :: B[x].up && budget > 0 && B[1-x].up && !down[x] ->
     budget--; calm = 0; deadf[x] = B[x].boot; d_step { wipe_board(x) }; break
#endif
#ifdef F_START
  :: !B[x].up && B[x].boot < BOOTS ->
     calm = 0; d_step { fresh_board(x); if :: B[1-x].up -> elder = 1-x :: else fi }; break
#endif
#ifdef F_SWITCH
  :: B[x].up && !B[x].paused && B[x].role == PRIMARY && B[x].intent == NONE && budget > 0 &&
     ALIVE(x) && B[x].prole == STANDBY -> budget--; calm = 0; B[x].intent = PREPARE
  :: B[x].up && !B[x].paused && B[x].role == PRIMARY && B[x].intent == PREPARE -> calm = 0; B[x].intent = NONE; break
#endif
  :: break
  od
}

#ifdef HOLD
#define MUST_LEAD (BOTH_UP && !down[0] && !down[1])
#else
#define MUST_LEAD ((B[0].up && !ckdown[0]) || (B[1].up && !ckdown[1]))
#endif

init {
  d_step {
    wipe_board(0); wipe_board(1);
  }
#ifdef INIT_STEADY
  /* Established: board 0 or board 1 leads, frames flow. */
  if :: elder = 0 :: elder = 1 fi;
  d_step {
    fresh_board(0); fresh_board(1);
    b = 0;
    do
    :: b < 2 ->
       B[b].role = ((b == elder) -> PRIMARY : STANDBY); B[b].pb = 1; B[b].heard = 1; B[b].ptx = 1; B[b].echo = 1;
       B[b].prole = ((b == elder) -> STANDBY : PRIMARY); B[b].probe = 1; B[b].wake = CAP;
       B[b].seen = 2 + elder; B[b].term = ((b == elder) -> 2 + elder : 0); B[b].pterm = ((b == elder) -> 0 : 2 + elder);
       B[b].own = B[b].term;
       B[b].gate = (b == elder);
       b++
    :: else -> break
    od;
    used = BIT(2 + elder)
  };
#else
  if :: elder = 0 :: elder = 1 fi;
#endif
  do
  :: atomic {                        /* one slot; only its end is a stored state */
       env_board(0); env_board(1);
#ifdef F_REPLAY
       if
       :: rec == 0 && R.boot == 0 -> if :: rec = 1 :: rec = 2 fi
       :: R.boot != 0 && B[1-rdir].up && !B[1-rdir].paused -> replay = 1
       :: true
       fi;
#endif
       if :: first = 0 :: first = 1 fi;
       d_step {
         i = 0; check();
         b = first;
         do
         :: i < 2 ->
            if :: B[b].up && !B[b].paused -> cycle() :: else fi;
            i++; check();
            b = 1 - b
         :: else -> break
         od;
         first = 0;
         age();
         /* I5: some time after the last fault somebody speaks. */
         dark_too_long = (calm >= CALM && dark >= CALM && MUST_LEAD && !B[0].paused && !B[1].paused);
         assert(!dark_too_long)
       }
     }
  od
}
