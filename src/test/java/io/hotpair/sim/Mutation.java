package io.hotpair.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Classes with a method replaced, or with something put before it; the simulator and the production code are loaded anew around them. */
final class Mutation {
    private Mutation() {
    }

    /** A change of one method of a class, whose name is a full one. */
    record Change(String className, String method, boolean replace, Consumer<CodeBuilder> code) { }

    /** Runs seeds against broken classes until one catches it; returns what the seed said, or null if none of them did. */
    static String hunt(Change[] changes, String entry, long firstSeed, int seeds, long totalNs) {
        Map<String, byte[]> broken = new HashMap<>();
        for (Change change : changes) {
            broken.merge(change.className(), apply(change, broken.get(change.className())), (old, changed) -> changed);
        }
        try {
            Method run = new Loader(broken).loadClass(SeedEntry.class.getName()).getMethod(entry, long.class, long.class);
            for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
                String caught = (String) run.invoke(null, seed, totalNs);
                if (caught != null) {
                    return caught;
                }
            }
            return null;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the simulator itself failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] apply(Change change, byte[] changedAlready) {
        ClassModel model = ClassFile.of().parse(changedAlready != null ? changedAlready : read(change.className()));
        boolean[] found = new boolean[1];
        ClassTransform transform = (builder, element) -> {
            if (element instanceof MethodModel m && m.methodName().equalsString(change.method())) {
                found[0] = true;
                builder.transformMethod(m, (mb, me) -> {
                    if (me instanceof java.lang.classfile.CodeModel code) {
                        if (change.replace()) {
                            mb.withCode(change.code());
                        } else {
                            mb.transformCode(code, new Prologue(change.code()));
                        }
                    } else {
                        mb.with(me);
                    }
                });
            } else {
                builder.with(element);
            }
        };
        byte[] bytes = ClassFile.of().transformClass(model, transform);
        if (!found[0]) {
            throw new IllegalStateException("there is no method " + change.className() + "." + change.method() + " any more");
        }
        return bytes;
    }

    private static byte[] read(String className) {
        try (InputStream in = Mutant.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Prologue(Consumer<CodeBuilder> code) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder builder) {
            code.accept(builder);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }

    /** Loads everything of this project anew, broken classes from memory. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> broken;

        Loader(Map<String, byte[]> broken) {
            super(Mutant.class.getClassLoader());
            this.broken = broken;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.hotpair.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    byte[] bytes = broken.containsKey(name) ? broken.get(name) : read(name);
                    loaded = defineClass(name, bytes, 0, bytes.length);
                }
                return loaded;
            }
        }
    }
}
