package io.kvpurge.logs;

import java.util.Map;

import ch.qos.logback.core.Context;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Spring Boot's encoder, which asks an environment how to write. Most commands have no
 * application context; and no variable meant for another application counts here.
 */
public final class StructuredEncoder extends StructuredLogEncoder {

	@Override
	public void setContext(Context context) {
		context.putObject(Environment.class.getName(), new Named());
		super.setContext(context);
	}

	/** It knows the application's name and no more. */
	private static final class Named extends AbstractEnvironment {

		@Override
		protected void customizePropertySources(MutablePropertySources propertySources) {
			propertySources.addFirst(new MapPropertySource("kvpurge", Map.of("spring.application.name", "kvpurge")));
		}

	}

}
