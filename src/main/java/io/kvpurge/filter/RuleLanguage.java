package io.kvpurge.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.common.collect.ImmutableList;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;

/**
 * CEL with the variables and functions of a purge. The functions of metadata are macros
 * on exactly that variable, so that {@code contains} of a text stays the standard one.
 */
final class RuleLanguage {

	private static final String FIELD = "metadata_field";

	private static final String HOLDS = "metadata_holds";

	private static final String CONTAINS = "metadata_contains";

	private static final CelOptions OPTIONS = CelOptions.current()
		.populateMacroCalls(true)
		.enableHeterogeneousNumericComparisons(true)
		.build();

	private RuleLanguage() {
	}

	static Cel with(Map<String, ParameterType> parameters) {
		CelBuilder builder = CelFactory.plannerCelBuilder()
			.setOptions(OPTIONS)
			.setStandardMacros(CelStandardMacro.STANDARD_MACROS)
			.setResultType(SimpleType.BOOL)
			.addVar("key", SimpleType.STRING)
			.addVar("metadata", SimpleType.DYN)
			.addVar("expiration", SimpleType.DYN)
			.addVar("asOf", SimpleType.TIMESTAMP)
			.addMacros(onMetadata("field", FIELD), onMetadata("holds", HOLDS), onMetadata("contains", CONTAINS))
			.addFunctionDeclarations(global(FIELD, SimpleType.DYN, SimpleType.DYN, SimpleType.STRING),
					global(HOLDS, SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN),
					global(CONTAINS, SimpleType.BOOL, SimpleType.DYN, SimpleType.STRING),
					global("tags", ListType.create(SimpleType.STRING), SimpleType.STRING))
			.addFunctionBindings(CelFunctionBinding.fromOverloads(FIELD,
					CelFunctionBinding.from(FIELD, Object.class, String.class, RuleFunctions::field)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads(HOLDS,
					CelFunctionBinding.from(HOLDS, Object.class, Object.class, RuleFunctions::holds)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads(CONTAINS,
					CelFunctionBinding.from(CONTAINS, Object.class, String.class, RuleFunctions::contains)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads("tags",
					CelFunctionBinding.from("tags", String.class, RuleFunctions::tags)));
		parameters.forEach((name, type) -> builder.addVar("params." + name, type.celType()));
		return builder.build();
	}

	private static CelFunctionDecl global(String name, CelType result, CelType... arguments) {
		return CelFunctionDecl.newFunctionDeclaration(name,
				CelOverloadDecl.newGlobalOverload(name, result, ImmutableList.copyOf(arguments)));
	}

	private static CelMacro onMetadata(String name, String function) {
		return CelMacro.newReceiverMacro(name, 1,
				(factory, target, arguments) -> expand(factory, target, function, arguments));
	}

	private static Optional<CelExpr> expand(CelMacroExprFactory factory, CelExpr target, String function,
			List<CelExpr> arguments) {
		boolean onMetadata = target.getKind() == CelExpr.ExprKind.Kind.IDENT
				&& target.ident().name().equals("metadata");
		return onMetadata ? Optional.of(factory.newGlobalCall(function, target, arguments.get(0))) : Optional.empty();
	}

}
