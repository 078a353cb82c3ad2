package io.kvpurge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.kvpurge");

	/** A package may use only those of a lower rank. */
	private static final Map<String, Integer> RANKS = Map.ofEntries(Map.entry("store", 1), Map.entry("logs", 1),
			Map.entry("backup", 2), Map.entry("broker", 2), Map.entry("filter", 2), Map.entry("given", 2),
			Map.entry("ledger", 2), Map.entry("webhook", 2), Map.entry("definition", 3), Map.entry("report", 3),
			Map.entry("job", 4), Map.entry("metrics", 4), Map.entry("cli", 5));

	private static final List<String> ADAPTERS = List.of("cloudflare", "jdbc", "memory", "redis");

	@Test
	void packagesUseWhatTheyDeclare() {
		ApplicationModules modules = ApplicationModules.of("io.kvpurge", new ImportOption.DoNotIncludeTests());
		assertThat(modules.stream().map((module) -> module.getIdentifier().toString()))
			.containsExactlyInAnyOrderElementsOf(RANKS.keySet());
		modules.verify();
	}

	@Test
	void packagesUseOnlyLowerRanks() {
		for (JavaClass type : classes) {
			int rank = rank(type);
			Set<String> higher = type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
				.filter((target) -> target.getPackageName().startsWith("io.kvpurge."))
				.filter((target) -> !module(target).equals(module(type)) && rank(target) >= rank)
				.map(JavaClass::getName)
				.collect(Collectors.toSet());
			assertThat(higher).as(type.getName()).isEmpty();
		}
	}

	@Test
	void onlyJobKnowsSpringBatch() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.kvpurge.job..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.batch.."));
		check(noClasses().that()
			.resideOutsideOfPackages("io.kvpurge.job..", "io.kvpurge.logs")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.."));
	}

	@Test
	void onlyBrokerKnowsJms() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.kvpurge.broker")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jakarta.jms..", "org.springframework.jms..", "org.apache.activemq.."));
	}

	@Test
	void onlyMetricsKnowsMicrometer() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.kvpurge.metrics")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.micrometer.."));
	}

	@Test
	void theStorePortKnowsTheJdkAlone() {
		check(classes().that()
			.resideInAPackage("io.kvpurge.store")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "io.kvpurge.store", "org.springframework.modulith"));
	}

	@Test
	void adaptersAreStrangersToOneAnotherAndHidden() {
		for (String adapter : ADAPTERS) {
			check(noClasses().that()
				.resideOutsideOfPackage("io.kvpurge.store." + adapter)
				.should()
				.dependOnClassesThat()
				.resideInAPackage("io.kvpurge.store." + adapter));
		}
	}

	@Test
	void packagesHaveNoCycles() {
		check(slices().matching("io.kvpurge.(**)").should().beFreeOfCycles());
	}

	@Test
	void everyPackageIsNullMarked() {
		check(classes().that()
			.resideInAPackage("io.kvpurge..")
			.should()
			.resideInAnyPackage("io.kvpurge..")
			.andShould(com.tngtech.archunit.lang.conditions.ArchConditions.have(describe("a null-marked package",
					(JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class)))));
	}

	@Test
	void commandsAreHidden() {
		check(classes().that().resideInAPackage("io.kvpurge.cli").and().areTopLevelClasses().should().notBePublic());
	}

	@Test
	void nothingBelowTheCommandLineAsksForTheTime() {
		check(noClasses().that()
			.resideOutsideOfPackages("io.kvpurge.cli")
			.should()
			.callMethod(java.time.Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis"));
	}

	private static void check(ArchRule rule) {
		rule.check(classes);
	}

	private static int rank(JavaClass type) {
		return RANKS.get(module(type));
	}

	private static String module(JavaClass type) {
		return type.getPackageName().substring("io.kvpurge.".length()).split("\\.")[0];
	}

}
