package io.hotpair.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchitectureTest {
    private static final String PRODUCT_ROOT = "io.hotpair";
    private static final String WRONG_ROOT = "io.hotpair.architecture.wrong";

    private static final JavaClasses PRODUCT =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PRODUCT_ROOT);

    /** A house that breaks every rule, see the classes there. */
    private static final JavaClasses WRONG = new ClassFileImporter().importPackages(WRONG_ROOT);

    @ParameterizedTest
    @EnumSource
    void holds(Arrows arrow) {
        for (String part : List.of(".core.port", ".wire", ".sync", ".sync.port", ".node.config", ".cli")) {
            assertTrue(PRODUCT.containPackage(PRODUCT_ROOT + part), "the classes of " + part + " were found");
        }
        arrow.in(PRODUCT_ROOT).check(PRODUCT);
    }

    @ParameterizedTest
    @EnumSource
    void bites(Arrows arrow) {
        assertTrue(arrow.in(WRONG_ROOT).evaluate(WRONG).hasViolation());
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNC_STANDS_ALONE", "NO_WAY_OUT", "NO_THREAD_NO_CHANCE", "NO_CLOCK"})
    void bitesInTheReplication(Arrows arrow) {
        String report = arrow.in(WRONG_ROOT).evaluate(WRONG).getFailureReport().toString();
        assertTrue(report.contains("WrongSync"), report);
    }
}
