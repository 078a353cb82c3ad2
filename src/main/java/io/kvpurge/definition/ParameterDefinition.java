package io.kvpurge.definition;

import java.util.List;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;

/**
 * A parameter that a launch gives.
 *
 * @param type what its value is
 * @param defaultTexts its value if none is given, null if one must be
 * @param pattern what each text must match as a whole, null for anything
 */
public record ParameterDefinition(ParameterType type, @Nullable List<String> defaultTexts, @Nullable String pattern) {

	public ParameterDefinition {
		defaultTexts = (defaultTexts != null) ? List.copyOf(defaultTexts) : null;
	}

	/**
	 * The value of these texts.
	 * @throws IllegalArgumentException with the rest of a sentence, if they are none
	 */
	Object value(List<String> texts) {
		Object value = this.type.value(texts);
		for (String text : texts) {
			if (this.pattern != null && !Pattern.matches(this.pattern, text)) {
				throw new IllegalArgumentException("is '" + text + "': expected a text that matches " + this.pattern);
			}
		}
		return value;
	}

}
