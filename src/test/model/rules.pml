/*
 * Timing and the conditions of the lease, of silence and of what counts as said: io.hotpair.core Lease, Lateness, PeerView, CoreConfig.
 * One slot is 1/G of the heartbeat interval. Durations below are those of the default profile (I = 1 ms, M = 3, margin 0.25 I,
 * lease 2.5 I), rounded so that a closed comparison of whole slots permits what the core's comparison permits.
 */
#ifndef G
#define G 1
#endif
#ifndef ARB
#define ARB 0          /* arbitration budget, slots; the checkpoint answers at once */
#endif
#define MI      (3*G)  /* M * I */
#define T       (MI + ARB)
#define SETTLE  (2*T + 1)      /* CoreConfig: settle > 2 * T */
#define SETTLE_MAX (SETTLE + 2)
#define CAP     SETTLE /* where ages saturate: nothing looks further back */
#define TX_CAP  (SETTLE + 1)   /* of frames on their way: a claim is compared with the youngest one, which is a slot old at most */
#if G == 1
#define LEASE   2      /* 2.5 I */
#define ECHO    2      /* younger than M * I - margin = 2.75 I */
#define DRAIN   1      /* readRecently: younger than (M - 1) * I - margin = 1.75 I */
#define LATELY  1      /* heardLatelyNs: M * I - 1.5 I - margin = 1.25 I */
#define LATE_AFTER 2   /* a cycle that comes so long after the last one is late: I + latenessNs = 1.75 I */
#else
#define LEASE   5
#define ECHO    5
#define DRAIN   3
#define LATELY  2
#define LATE_AFTER 4
#endif
#define ALONE   (2*G)  /* CoreConfig.aloneNs: max(1.5, M - 1) * I */

#ifdef HOLD
#define POLICY_HOLD 1
#else
#define POLICY_HOLD 0
#endif

/* ---- Own lateness (Lateness). */
#ifdef LATE_TWO         /* late only when a cycle is later than its deadline by more than an interval */
#define LATE_GAP (LATE_AFTER + G)
#else
#define LATE_GAP LATE_AFTER
#endif
#ifdef DROP_LATE_JUDGE  /* silence is judged right after waking, as if awake all along */
#define DROP_SLEPT
#define MAY_JUDGE(x) 1
#else
#define MAY_JUDGE(x) (B[x].jdg >= G)    /* Lateness.mayJudge */
#endif

/* ---- The peer (PeerView). */
#define ALIVE(x)    (B[x].pb != 0 && !B[x].gone && B[x].heard < MI)
#define OUTROLE(r)  ((r) != STANDBY && (r) != PRIMARY)
#ifdef STALE_SAID       /* a statement counts by when it arrived, not by the transmit time that it returns */
#define SAID(x) 1
#else
#define SAID(x) (B[x].se <= B[x].wake && B[x].se < SETTLE)   /* saidSince(wakeNs) */
#endif
#define TERM_SHOWN(x) (OUTROLE(B[x].role) -> B[x].seen : B[x].term)   /* Group.shownTerm */
#define SAYS_OUT(x) (ALIVE(x) && SAID(x) && OUTROLE(B[x].prole))
/* Joining.listenedAtNs: the settle time since it woke late; a board that is late all the time listens like a standby after the stated maximum */
#define LISTENED(x) (B[x].wake >= SETTLE || (B[x].wake >= MI && B[x].tmr >= SETTLE_MAX))
#ifdef DROP_SAID_NOW    /* DEAD counts whenever it was read */
#define SAID_NOW(x) 1
#else
#define SAID_NOW(x) (B[x].dead < B[x].wake || B[x].wake >= MI)   /* Group.saidNow */
#endif
#ifdef DROP_HELLO       /* a hello that claims, or names this boot, is ignored */
#define QUIET_HELLO(x) 1
#else
#define QUIET_HELLO(x) (B[x].hellop >= MI)   /* !strangerSpeaks */
#endif

/* ---- The lease (Lease). */
#define ECHO_OK(x) (B[x].pb != 0 && B[x].echo <= ECHO && B[x].echo <= B[x].wake)
#ifdef DROP_ECHO        /* an open gate asks for no echo */
#define LEASE_ECHO(x) 1
#else
#define LEASE_ECHO(x) ECHO_OK(x)
#endif
#ifdef DRAIN_LEASE      /* alone, the last drain may be as old as the lease */
#define DRAIN_OK(x) 1
#else
#define DRAIN_OK(x) (B[x].cyc <= DRAIN)      /* readRecently */
#endif
#ifdef ALONE_NOW        /* alone is judged by the clock, though frames may lie undrained */
#define UNREAD(x) 0
#else
#define UNREAD(x) (B[x].cyc)
#endif
#ifdef ALONE_DEAF       /* the short time will do although the peer did not hear this board when it fell silent */
#define HEARD_US(x) 1
#else
#define HEARD_US(x) (B[x].echo < CAP && B[x].echo - B[x].heard <= LATELY)   /* peerHeardUs */
#endif
#ifdef ALONE_SLEPT      /* the short time will do after a lateness too */
#define ALONE_WAKE ALONE
#else
#define ALONE_WAKE MI
#endif
#define ALONE_WAIT(x) ((B[x].gone || B[x].pb == 0) -> 0 : (HEARD_US(x) -> ALONE : MI))
#define QUIET(x) (B[x].heard >= ALONE_WAIT(x) + UNREAD(x) && B[x].wake >= ALONE_WAKE + UNREAD(x) && QUIET_HELLO(x))
#define LONG_ALONE(x) (B[x].als > T)         /* established: serving alone */
#define PROBE_OK(x) (POLICY_HOLD || (B[x].probe <= (LONG_ALONE(x) -> SETTLE - 1 : LEASE) && B[x].probe < B[x].wake))
#define ALONE_OK(x) (QUIET(x) && PROBE_OK(x))
#ifdef DEAD_KEEPS       /* DEAD stays good for the settle time, whatever happens meanwhile */
#define GONE_OK(x) (B[x].gone && B[x].dead < SETTLE)
#else
#define GONE_OK(x) (B[x].gone && B[x].dead < B[x].wake && B[x].wake >= MI && B[x].dead < SETTLE && QUIET_HELLO(x))   /* goneHolds */
#endif
#define LEASED(x) (LEASE_ECHO(x) || GONE_OK(x) || (DRAIN_OK(x) && ALONE_OK(x)))

/* ---- The gate (Group.gateOpen). */
#define SHOWS_PRIMARY(x) (ALIVE(x) && B[x].prole == PRIMARY)
#ifdef DROP_LATCH       /* a gate that was shut opens beside a peer that claims */
#define NOBODY_CLAIMS(x) 1
#else
#define NOBODY_CLAIMS(x) (!SHOWS_PRIMARY(x) && (ECHO_OK(x) || QUIET_HELLO(x)))
#endif
#ifdef DROP_SHOW        /* a claim that the peer may be making too opens at once */
#define SHOWN(x) 1
#else
#define SHOWN(x) (B[x].shown >= MI)          /* gateNotBeforeNs */
#endif
#ifdef DROP_CONFIRM     /* a claim that the peer never answered is as good as one that it did, whatever is lost */
#define CONFIRMED(x) 1
#else
#define CONFIRMED(x) (!POLICY_HOLD || B[x].conf || ECHO_OK(x))
#endif
#define GATE(x) (B[x].role == PRIMARY && SHOWN(x) && B[x].cyc <= LEASE && (B[x].gate || NOBODY_CLAIMS(x)) && LEASED(x) && CONFIRMED(x))
#ifdef DROP_LATE_EMIT   /* what the last cycle found holds until the next, the clock is not asked */
#define WANTS(x) (B[x].up && !B[x].paused && B[x].role == PRIMARY && B[x].gate)
#else
#define WANTS(x) (B[x].up && !B[x].paused && GATE(x))
#endif
#ifdef INTERLOCK        /* the wired latch: whoever drives it first has it until its alive pulses stop */
#define OPEN(x) (WANTS(x) && latch == 1 + x)
#else
#define OPEN(x) WANTS(x)
#endif
