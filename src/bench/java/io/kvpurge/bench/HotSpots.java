package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The hot spots, each by itself, by JMH: raw results go to {@code target/bench/jmh.json}.
 * Arguments are JMH's; without any, two forks of three seconds to warm up and five
 * measured ones.
 */
public final class HotSpots {

	private HotSpots() {
	}

	public static void main(String[] args) throws RunnerException, CommandLineOptionException, IOException {
		Path results = Files.createDirectories(Path.of("target", "bench")).resolve("jmh.json");
		CommandLineOptions given = new CommandLineOptions(args);
		new Runner(new OptionsBuilder().parent(given)
			.mode(Mode.AverageTime)
			.timeUnit(TimeUnit.NANOSECONDS)
			.forks(given.getForkCount().orElse(2))
			.warmupIterations(given.getWarmupIterations().orElse(3))
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(given.getMeasurementIterations().orElse(5))
			.measurementTime(TimeValue.seconds(1))
			.resultFormat(ResultFormatType.JSON)
			.result(results.toString())
			.build()).run();
	}

}
