package io.hotpair.sim;

/** Sees everything that happens from outside and shows it to the checkers; keeps the facts that several of them need. */
final class Judge {
    private final World world;
    private final Profile profile;
    final Contact contact;
    final OneGateChecker oneGate;
    final TermChecker terms;
    final EmissionChecker emissions;
    final LeaderChecker leader;
    final RecordChecker records;
    /** Whether the board's gate is open, by board and group, at this instant. */
    final boolean[][] open = new boolean[2][2];
    /** Roles and terms of a board after the last call into its core. */
    private final int[][] lastRole = new int[2][2];
    private final long[][] lastTerm = new long[2][2];
    final long[][] roleSinceNs = new long[2][2];
    /** Since when the gate is as it is. */
    final long[][] gateSinceNs = new long[2][2];
    int roleChanges;
    int reigns;
    int outputs;
    /** Since when nobody has served a group, and the longest such time since it was last set to 0. */
    private final long[] unservedSinceNs = new long[2];
    final long[] longestGapNs = new long[2];

    Judge(World world) {
        this.world = world;
        profile = world.profile();
        contact = new Contact(world);
        oneGate = new OneGateChecker(world, contact);
        terms = new TermChecker(world);
        emissions = new EmissionChecker(world, contact);
        leader = new LeaderChecker(world, contact, this);
        records = new RecordChecker(world);
    }

    void beforeCall(Board b) {
        records.beforeCall(b);
    }

    void afterCall(Board b) {
        for (int g = 0; g < profile.groups; g++) {
            int role = b.node.role(g);
            long term = b.node.term(g);
            int roleBefore = lastRole[b.id][g];
            if (role != roleBefore) {
                roleChanges++;
                roleSinceNs[b.id][g] = world.nowNs();
                world.trace().mix(role);
                if (world.trace().on()) {
                    world.log("board " + World.name(b.id) + " group " + g + ": " + WireView.roleName(roleBefore) + " -> "
                            + WireView.roleName(role) + ", term " + term);
                }
                records.onRoleChange(b, g, roleBefore, role, term);
                leader.onRoleChange(b, g, roleBefore, role);
            }
            boolean reign = role == WireView.ROLE_PRIMARY && (role != roleBefore || term != lastTerm[b.id][g]);
            if (reign) {
                reigns++;
                terms.onReign(b, g, term, roleBefore == role);
            }
            lastRole[b.id][g] = role;
            lastTerm[b.id][g] = term;
            if (b.ports.kernelGate[g] != b.askGate(g)) {
                throw new Violation("I2", "board " + World.name(b.id) + " group " + g + ": after a cycle the gate is "
                        + (b.ports.kernelGate[g] ? "shut, but the kernel's outputs are up" : "open, but the kernel's outputs are down"));
            }
        }
    }

    void onStart(Board b) {
        for (int g = 0; g < profile.groups; g++) {
            roleSinceNs[b.id][g] = world.nowNs();
            lastRole[b.id][g] = WireView.ROLE_BOOT;
            lastTerm[b.id][g] = 0;
        }
        contact.onStart(b);
        terms.onStart(b);
        emissions.onStart(b);
        leader.onStart(b);
        records.onStart(b);
    }

    void beforeEnd() {
        contact.beforeEnd();
    }

    void onEnd(Board b) {
        contact.onEnd(b);
        records.onEnd(b);
        leader.onEnd(b);
    }

    void onPause(Board b) {
        if (world.trace().on()) {
            world.log("board " + World.name(b.id) + ": paused until " + b.resumeNs / 1e6 + " ms");
        }
        contact.onPause();
        emissions.onPause(b, open[b.id]);
        leader.onPause(b);
    }

    void onResume(Board b) {
        world.log("board " + World.name(b.id) + ": goes on");
        contact.onResume(b);
        emissions.onResume(b);
    }

    void onArrive(Board b, int slot) {
        contact.onArrive(b, slot);
    }

    void onEdge(Board b) {
        contact.onEdge(b);
    }

    void onFalseEdge(Board b) {
        contact.onFalseEdge(b);
    }

    void onToggle(Board b) {
        world.trace().mix(b.id);
    }

    void onRead(Board b, int slot) {
        contact.onRead(b, slot);
        if (world.net().slotGenuine[slot]) {
            terms.onRead(b, slot);
            emissions.onRead(b, slot);
            records.onRead(b, slot);
        } else if (contact.unaltered(slot)) {
            emissions.onLateRead(b, slot);
        }
    }

    void onSend(Board b, int channel, byte[] buffer, int offset) {
        world.trace().mix(WireView.digest(buffer, offset));
        if (world.trace().on()) {
            world.log("  " + World.name(b.id) + " sends on " + channel + ": " + WireView.text(buffer, offset, profile.groups));
        }
        terms.onSend(b, buffer, offset);
        emissions.onSend(b, buffer, offset);
    }

    void onRecord(Board b, int code, int group, long term, long detail, long localNs) {
        if (world.trace().on()) {
            world.log("  " + World.name(b.id) + " records " + records.name(code) + " group " + group + " term " + term + " detail " + detail);
        }
        world.trace().mix(code * 31L + detail);
        records.onRecord(b, code, group, term, detail, localNs);
        if (world.data() != null && records.roleChange(code)) {
            world.data().checker.onRole(b, group, (int) (detail >>> 8), (int) detail & 0xFF);
        }
    }

    void onAnswer(Board b, int order, boolean accepted, int code) {
        if (world.trace().on()) {
            world.log("  " + World.name(b.id) + " answers order " + order + ": " + accepted + " " + records.name(code));
        }
    }

    void onCheckpointAnswer(Board b, long sentNs) {
        contact.onCheckpointAnswer(b, sentNs);
    }

    void onDeadSaid(int board, int bootId) {
        contact.onDeadSaid(board, bootId);
    }

    void onEmission(Board b, int group) {
        outputs++;
        emissions.onEmission(b, group);
    }

    void onTick() {
        contact.onTick();
        leader.onTick();
    }

    void afterEvent() {
        Board a = world.board(0);
        Board b = world.board(1);
        int groups = profile.groups;
        for (int g = 0; g < groups; g++) {
            boolean openA = a.gate(g);
            boolean openB = b.gate(g);
            if (openA | openB) {
                if (!open[0][g] && !open[1][g]) {
                    longestGapNs[g] = Math.max(longestGapNs[g], world.nowNs() - unservedSinceNs[g]);
                }
                unservedSinceNs[g] = world.nowNs();
            }
            if (openA != open[0][g] || openB != open[1][g]) {
                gateSinceNs[0][g] = openA == open[0][g] ? gateSinceNs[0][g] : world.nowNs();
                gateSinceNs[1][g] = openB == open[1][g] ? gateSinceNs[1][g] : world.nowNs();
                open[0][g] = openA;
                open[1][g] = openB;
                world.trace().mix((openA ? 1 : 0) + (openB ? 2 : 0));
                if (world.trace().on()) {
                    world.log("gates of group " + g + ": A " + (openA ? "open" : "shut") + ", B " + (openB ? "open" : "shut"));
                }
                leader.onGates(g);
            }
            if (openA && openB) {
                oneGate.onTwoOpen(g);
            }
        }
    }
}
