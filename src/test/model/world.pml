/* What surrounds the two boards: time, faults, and what must always hold. */

/* ---- One line per look at the gates, for reading a counterexample (spin -t -DTRACE). */
#ifdef TRACE
#define SHOW1(x) printf(" | %d%d%d role %d term %d gate %d%d pb %d.%d hd %d hp %d hel %d ec %d se %d cyc %d wk %d pr %d dd %d tm %d rs %d tr %d sh %d al %d st %d/%d/%d in %d v %d", \
  B[x].up, B[x].paused, B[x].jam, B[x].role, B[x].term, B[x].gate, (x -> open1 : open0), B[x].pb, B[x].gone, B[x].heard, B[x].hellop, B[x].hel, \
  B[x].echo, B[x].se, B[x].cyc, B[x].wake, B[x].probe, B[x].dead, B[x].tmr, B[x].rs, B[x].trb, B[x].shown, B[x].als, \
  B[x].prole, B[x].pterm, B[x].pint, B[x].intent, B[x].ver)
#define SHOW printf("%d%d c%d%d b%d calm %d dark %d f%d i%d", down[0], down[1], ckdown[0], ckdown[1], budget, calm, dark, first, i); SHOW1(0); SHOW1(1); printf("\n")
#else
#define SHOW skip
#endif

/* ---- What must always hold. */
#ifdef INTERLOCK
inline drive(x) {
  if :: WANTS(x) && latch == 0 -> latch = 1 + x :: else fi;
  if :: WANTS(x) && latch == 1 + x -> pulse = 0 :: else fi
}
#endif

inline check() {
#ifdef INTERLOCK
  drive(first); drive(1 - first);
#endif
  open0 = OPEN(0); open1 = OPEN(1);
  SHOW;
  assert(!(open0 && open1));         /* I1: never two open gates */
  if :: open0 || open1 -> dark = 0 :: else fi
}

#define OLD(x, limit) if :: x < (limit) -> x++ :: else fi
#define OLDER(x) OLD(x, CAP)
#define SINCE(x, limit) if :: x != 0 && x <= (limit) -> x++ :: else fi     /* 1 + age */

inline age_frame(f) {
  if
  :: f.boot != 0 ->
     OLD(f.tx, TX_CAP);
     if :: f.n1 != 0 -> OLDER(f.e1) :: else fi;
     if :: f.n2 != 0 -> OLDER(f.e2); OLD(f.tx2, TX_CAP) :: else fi
  :: else
  fi
}

inline age_board() {
  OLDER(B[b].ptx); OLDER(B[b].heard); OLD(B[b].hellop, MI); OLDER(B[b].hel); OLDER(B[b].echo); OLDER(B[b].se);
  OLD(B[b].cyc, LATE_GAP + G); OLDER(B[b].wake); OLD(B[b].jdg, G + ARB); OLDER(B[b].probe); OLDER(B[b].dead); OLD(B[b].shown, MI);
  SINCE(B[b].trb, SETTLE); SINCE(B[b].als, T); SINCE(B[b].rs, SETTLE);
  if :: B[b].hellop >= MI -> B[b].hellob = 0 :: else fi;
#ifdef CLAIM_TIMES_OUT
  SINCE(B[b].cs[1], SETTLE); SINCE(B[b].cs[2], SETTLE); SINCE(B[b].cs[3], SETTLE);
#endif
#ifdef F_REPLAY
  OLDER(B[b].candtx);
#endif
  if
  :: B[b].role == JOINING -> OLD(B[b].tmr, SETTLE_MAX)
  :: B[b].role == ISOLATED -> B[b].tmr = 1
  :: else
  fi
}

inline age() {
  b = 0;
  do
  :: b < 2 ->
     if :: B[b].up -> age_board() :: else fi;
     age_frame(F[b]);
     b++
  :: else -> break
  od;
#ifdef F_REPLAY
  age_frame(R);
  SINCE(rst, SETTLE);
#endif
#ifdef INTERLOCK
  if :: latch != 0 -> pulse++; if :: pulse > DECAY -> latch = 0; pulse = 0 :: else fi :: else fi;
#endif
  if :: calm < CALM -> calm++ :: else fi;
  if :: dark < CALM -> dark++ :: else fi
}

inline clear_board(x) {
  B[x].paused = 0; B[x].jam = 0; B[x].cold = 0; B[x].prep = 0; B[x].pprep = 0; B[x].term = 0; B[x].offer = 0; B[x].seen = B[x].own; B[x].pb = 0; B[x].gone = 0; B[x].ret = 0;
  B[x].cand = 0; B[x].candtx = CAP; B[x].ptx = CAP; B[x].heard = CAP; B[x].hellop = MI; B[x].hellob = 0; B[x].hel = CAP;
  B[x].cs[1] = 0; B[x].cs[2] = 0; B[x].cs[3] = 0;
  B[x].prole = BOOT; B[x].pint = 0; B[x].pterm = 0; B[x].pver = 0; B[x].echo = CAP; B[x].se = CAP; B[x].cyc = G; B[x].wake = 0; B[x].jdg = 0;
  B[x].lates = 0; B[x].probe = CAP; B[x].dead = CAP; B[x].tmr = 0; B[x].rs = 0; B[x].trb = 0; B[x].als = 0; B[x].shown = 0;
  B[x].intent = 0; B[x].ver = 0; B[x].gate = 0; B[x].conf = 0
}

inline fresh_board(x) {
  clear_board(x); B[x].up = 1; B[x].boot++;
#ifdef F_REPLAY
  if :: x == 1 - rdir -> rst = 0 :: else fi;
#endif
#ifdef F_PREP
  B[x].prep = 1;
#endif
#ifdef F_BOOT
  B[x].role = BOOT
#else
  B[x].role = JOINING
#endif
}

inline wipe_board(x) {   /* an absent board has one state, so that it multiplies nothing */
  clear_board(x); B[x].up = 0; B[x].role = OFF;
  forget(F[1-x]); deadf[1-x] = 0
}

/* ---- The environment. Under `takeover` not all channels fail while both boards live: one direction at most. */
#define BOTH_UP (B[0].up && B[1].up)
#ifdef CUT_BOTH
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
#ifdef F_BOOT
  :: B[x].up && !B[x].paused && B[x].role == BOOT -> calm = 0; d_step { tos = b; b = x; become(JOINING); b = tos }; break
#endif
#ifdef F_PREP
  :: B[x].up && B[x].prep -> calm = 0; B[x].prep = 0; break
#endif
#ifdef F_COLD
  :: B[x].up && !B[x].cold && B[x].role == STANDBY && budget > 0 -> budget--; calm = 0; B[x].cold = 1
  :: B[x].cold -> calm = 0; B[x].cold = 0; break
#endif
#ifdef F_SWITCH
  :: B[x].up && !B[x].paused && B[x].role == PRIMARY && B[x].intent == NONE && budget > 0 &&
     ALIVE(x) && B[x].prole == STANDBY && ECHO_OK(x) -> budget--; calm = 0; B[x].intent = PREPARE
  :: B[x].up && !B[x].paused && B[x].role == STANDBY && B[x].intent == NONE && budget > 0 &&
     SHOWS_PRIMARY(x) -> budget--; calm = 0; B[x].intent = PREPARE
  :: B[x].up && !B[x].paused && B[x].intent == PREPARE -> calm = 0; B[x].intent = NONE; break      /* took too long */
#endif
  :: break
  od
}

#define CAN_LEAD(x) (B[x].up && !B[x].paused && !B[x].cold && !B[x].prep && !ckdown[x] && B[x].role != BOOT)
#ifdef HOLD
#define MUST_LEAD (BOTH_UP && !down[0] && !down[1] && CAN_LEAD(0) && CAN_LEAD(1))
#else
#define MUST_LEAD (CAN_LEAD(0) || CAN_LEAD(1))
#endif

inline start() {
  d_step { wipe_board(0); wipe_board(1) };
  if :: elder = 0 :: elder = 1 fi;
#ifdef INIT_STEADY
  /* Established: board 0 or board 1 leads, frames flow. */
  d_step {
    fresh_board(0); fresh_board(1);
    b = 0;
    do
    :: b < 2 ->
       B[b].role = ((b == elder) -> PRIMARY : STANDBY); B[b].pb = 1; B[b].heard = G; B[b].ptx = G; B[b].echo = G; B[b].se = G;
       B[b].prole = ((b == elder) -> STANDBY : PRIMARY); B[b].probe = G; B[b].wake = CAP; B[b].jdg = G + ARB;
       B[b].seen = 2 + elder; B[b].term = 2 + elder; B[b].pterm = 2 + elder;
       B[b].own = ((b == elder) -> 2 + elder : 0);
       B[b].gate = (b == elder); B[b].conf = (b == elder); B[b].shown = ((b == elder) -> MI : 0);
       b++
    :: else -> break
    od;
    used = BIT(2 + elder)
#ifdef INTERLOCK
    ; latch = 1 + elder
#endif
  }
#endif
}
