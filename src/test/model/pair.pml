/*
 * The pair protocol: who may speak. Two boards in slotted time. README.md maps every rule to the class and method of the core and
 * says what is abstracted; `run` has the configurations.
 *
 *   BOOT --> JOINING --peer leads--> STANDBY --silence, DEAD, out, released, handover--> PRIMARY
 *             |  `--settled in silence, verdict, peer in BOOT------------------------------^ |
 *             |<-- checkpoint or peer back -- ISOLATED <-- cut off --------------------------'
 *
 * Every slot the environment first does what its budget allows, then both boards run one cycle in either
 * order (a paused board runs none), then all ages grow. Ages saturate, so the state space is finite.
 * A gate is looked at before, between and after the two cycles.
 */
#define OFF       0
#define JOINING   1
#define STANDBY   2
#define PRIMARY   3
#define ISOLATED  4
#define BOOT      5
#define NONE      0
#define PREPARE   1
#define READY     2
#define RELEASED  3

#define BIT(x)    (1 << (x))

#include "rules.pml"

#ifndef BUDGET
#define BUDGET 2
#endif
#ifndef CALM
#define CALM (20*G)    /* slots after the last fault within which a gate must be open */
#endif
#ifndef BOOTS
#define BOOTS 3        /* boot ids 1..BOOTS per board */
#endif
#ifndef DECAY
#define DECAY (3*G)    /* the latch lets go so long after the last alive pulse */
#endif

typedef Board {
  bit  up; bit paused; bit jam;     /* jam: its receive buffer is full or not there, newer frames are lost */
  bit  cold;                         /* does not hold the whole state */
  bit  prep;                         /* may not lead yet: preparing */
  byte boot; byte role; byte term;
  byte own;                          /* durable: highest own term used or offered */
  byte seen;                         /* Terms.newest: highest term heard or own */
  byte pb; bit gone;                 /* met boot of the peer, 0 = none; it is said to be gone */
  byte ret;                          /* retired boots of the peer, one bit each */
  byte cand; byte candtx;            /* a hello's boot and the age of its newest frame */
  byte ptx;                          /* age of the met peer's newest frame, by its transmit time */
  byte heard;                        /* since the last valid frame arrived */
  byte hel;                          /* since the last hello arrived */
  byte hellop; byte hellob;          /* since a hello counted that claims or names this boot (strangerNs), and its boot while that matters */
  byte cs[4];                        /* of each boot's claims the age of the youngest, 1 + age, 0 = none (strangerAgeNs) */
  byte prole; byte pint; byte pterm; byte pver; bit pprep;  /* the newest statement of the peer */
  byte se;                           /* age of the newest own frame that a statement returned (statementEchoNs) */
  byte echo;                         /* age of the newest own frame that came back */
  byte cyc;                          /* since the own last cycle */
  byte wake; byte jdg; byte lates;   /* since the last lateness (wakeNs), the last that postponed (judgeNs - I), their number */
  byte probe;                        /* since the last answered probe was sent */
  byte dead;                         /* since the peer was declared DEAD (goneNs) */
  byte tmr;                          /* since the role was entered, in JOINING and ISOLATED */
  byte rs;                           /* JOINING: 1 + the age of readiness (readySinceNs) */
  byte trb;                          /* 1 + the age of trouble in PRIMARY, of nobody leading in STANDBY */
  byte als;                          /* 1 + the time alone without a break (aloneSinceNs) */
  byte shown;                        /* since the claim was first shown; MI: it opens at once */
  byte intent; byte offer; byte ver; /* ver: 0 none, 1 board 0 leads, 2 board 1 leads */
  bit  gate;                         /* gateLatched */
  bit  conf                          /* confirmed */
};

typedef Frame {
  byte boot; byte n1; byte e1;       /* boot 0: no frame; names n1, echoes its frame of age e1 */
  byte role; byte term; byte intent; byte ver; bit prep; byte tx;
  byte n2; byte e2;                  /* a frame of its own beside it: the answer to a hello of boot n2, 0 = none */
  byte r2; byte t2; byte tx2
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
#ifdef INTERLOCK
byte  latch; byte pulse;             /* 1 + the board that holds the outputs; since its last alive pulse */
#endif
#ifdef F_REPLAY
Frame R; bit rdir; bit rnew;         /* one recorded frame of board rdir; rnew: receiver has seen nothing newer */
bit replay;                          /* it is put on the line in this slot */
byte rec;                            /* 1 + the board whose next frame gets recorded */
byte rst;                            /* 1 + the time since it was the youngest claim of its boot, 0: a younger one was heard */
#endif
#if G > 1
bit   idle[2];                       /* the board's cycle does not come in this slot */
#endif

hidden byte b; hidden byte p; hidden byte i; hidden byte k; hidden byte was; hidden byte nm; hidden byte ec; hidden byte nx; hidden byte late;
hidden byte ans; hidden byte to; hidden byte ftx; hidden byte fro; hidden byte fte; hidden byte old; hidden byte r0; hidden byte t0;
hidden byte reply; hidden byte replytx; hidden byte alive; hidden byte newer; hidden byte tos; hidden byte due; hidden byte bad;
hidden byte open0; hidden byte open1; hidden byte dark_too_long; hidden byte term_reused; hidden byte terms_climb; hidden byte role_moved;

#include "receive.pml"
#include "roles.pml"
#include "world.pml"

/* ---- One cycle of board b: what arrived is read, then PairCore.doWork. */
inline cycle() {
  p = 1 - b; reply = 0; replytx = 0; old = 0; r0 = B[b].role; t0 = TERM_SHOWN(b);
#ifdef F_REPLAY
  if :: replay && rdir == p -> newer = rnew; old = 1; receive(R); old = 0; replay = 0; rnew = 0 :: else fi;
  if :: F[p].boot != 0 && p == rdir && F[p].tx <= R.tx -> rnew = 0 :: else fi;
#endif
  newer = 1;
  receive(F[p]);
  forget(F[p]);
  B[b].jam = 0;
  take_dead();
  late = (B[b].cyc >= LATE_GAP);                       /* Lateness.onCycle */
  if
  :: late -> B[b].wake = 0; if :: B[b].lates < 3 -> B[b].lates++; B[b].jdg = 0 :: else fi
  :: else
  fi;
  B[b].cyc = 0;
  if :: !ckdown[b] -> B[b].probe = 0 :: else fi;
  if                                                   /* Lease.doWork */
  :: !ALONE_OK(b) || !B[b].gate -> B[b].als = 0
  :: else -> if :: B[b].als == 0 || B[b].als - 1 > B[b].wake -> B[b].als = 1 :: else fi
  fi;
  decide();
  if :: late -> B[b].gate = 0 :: else fi;              /* Group.updateGate */
  B[b].gate = GATE(b);
  if :: B[b].gate -> B[b].conf = 1 :: else fi;
  send()
}

#if G > 1
/* Cycles come an interval apart or sooner, and up to half an interval later without being late. */
#define RUNS(x) (B[x].up && !B[x].paused && !idle[x])
#define MAY_IDLE(x) (B[x].up && !B[x].paused && B[x].cyc < LATE_AFTER - 1)
#else
#define RUNS(x) (B[x].up && !B[x].paused)
#endif

init {
  start();
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
#if G > 1
       if :: MAY_IDLE(0) -> idle[0] = 1 :: true fi;
       if :: MAY_IDLE(1) -> idle[1] = 1 :: true fi;
#endif
       if :: first = 0 :: first = 1 fi;
       d_step {
         i = 0; check();
         b = first;
         do
         :: i < 2 ->
            if :: RUNS(b) -> cycle() :: else fi;
            i++; check();
            b = 1 - b
         :: else -> break
         od;
         first = 0;
#if G > 1
         idle[0] = 0; idle[1] = 0;
#endif
         age();
         /* I5: some time after the last fault somebody speaks. */
         dark_too_long = (calm >= CALM && dark >= CALM && MUST_LEAD);
         assert(!dark_too_long)
       }
     }
  od
}
