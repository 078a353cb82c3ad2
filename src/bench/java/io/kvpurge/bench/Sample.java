package io.kvpurge.bench;

import java.util.Locale;

/**
 * One measured run of one way to delete.
 *
 * @param scenario the store
 * @param keys how many there are
 * @param percent how many of a hundred match
 * @param way what deleted them
 * @param seconds of the whole process
 * @param work the seconds without its start, as it says itself; NaN where it does not
 * @param cpu processor time in seconds of all of its processes
 * @param serverCpu processor time in seconds of the server
 * @param resident bytes in memory, at most
 * @param heap bytes in use behind a garbage collection, at most; 0 where there is none
 * @param calls to the store; -1 if nobody has counted them
 * @param bytes over the wire, both ways; -1 if nobody has counted them
 */
record Sample(String scenario, long keys, int percent, String way, double seconds, double work, double cpu,
		double serverCpu, long resident, long heap, long calls, long bytes) {

	static final String HEADER = "scenario,keys,percent,way,seconds,work_seconds,cpu_seconds,server_cpu_seconds,"
			+ "resident_mb,heap_mb,calls,bytes";

	String csv() {
		return String.format(Locale.ROOT, "%s,%d,%d,%s,%.3f,%.3f,%.3f,%.3f,%d,%d,%d,%d", this.scenario, this.keys,
				this.percent, this.way, this.seconds, this.work, this.cpu, this.serverCpu, this.resident >> 20,
				this.heap >> 20, this.calls, this.bytes);
	}

	static Sample parse(String line) {
		String[] fields = line.split(",");
		return new Sample(fields[0], Long.parseLong(fields[1]), Integer.parseInt(fields[2]), fields[3],
				Double.parseDouble(fields[4]), Double.parseDouble(fields[5]), Double.parseDouble(fields[6]),
				Double.parseDouble(fields[7]), Long.parseLong(fields[8]) << 20, Long.parseLong(fields[9]) << 20,
				Long.parseLong(fields[10]), Long.parseLong(fields[11]));
	}

}
