package io.kvpurge.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.NullValue;
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
import org.jspecify.annotations.Nullable;

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
					CelFunctionBinding.from(FIELD, Object.class, String.class, RuleLanguage::field)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads(HOLDS,
					CelFunctionBinding.from(HOLDS, Object.class, Object.class, RuleLanguage::holds)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads(CONTAINS,
					CelFunctionBinding.from(CONTAINS, Object.class, String.class, RuleLanguage::contains)))
			.addFunctionBindings(CelFunctionBinding.fromOverloads("tags",
					CelFunctionBinding.from("tags", String.class, RuleLanguage::tags)));
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

	/** The value at a dotted path, CEL's null where anything on the way is missing. */
	private static Object field(Object metadata, String path) {
		@Nullable Object value = metadata;
		for (String name : path.split("\\.", -1)) {
			if (!(value instanceof Map<?, ?> map) || map.get(name) == null) {
				return NullValue.NULL_VALUE;
			}
			value = map.get(name);
		}
		return (value != null) ? value : NullValue.NULL_VALUE;
	}

	/** Whether some value anywhere inside equals this one; 1 and 1.0 are equal. */
	private static boolean holds(Object value, Object wanted) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().anyMatch((inner) -> inner != null && holds(inner, wanted));
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch((inner) -> inner != null && holds(inner, wanted));
		}
		if (value instanceof Number one && wanted instanceof Number other) {
			return one.equals(other) || one.doubleValue() == other.doubleValue();
		}
		return value.equals(wanted);
	}

	/** Whether some text or number anywhere inside has this in it, ignoring case. */
	private static boolean contains(Object value, String wanted) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().anyMatch((inner) -> inner != null && contains(inner, wanted));
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch((inner) -> inner != null && contains(inner, wanted));
		}
		return value.toString().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
	}

	/** A comma list in parts, without the space around them; empty parts are left out. */
	private static List<String> tags(String text) {
		List<String> tags = new ArrayList<>();
		Arrays.stream(text.split(",", -1)).map(String::strip).filter((tag) -> !tag.isEmpty()).forEach(tags::add);
		return tags;
	}

}
