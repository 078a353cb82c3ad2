package io.kvpurge.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** {@code DELETE ... WHERE} in one statement. Arguments: URL, condition. */
public final class OneStatement {

	private OneStatement() {
	}

	public static void main(String[] args) throws SQLException {
		long start = System.nanoTime();
		try (Connection connection = DriverManager.getConnection(args[0]);
				Statement statement = connection.createStatement()) {
			int deleted = statement.executeUpdate("delete from entries where " + args[1]);
			System.out.printf("deleted %d work %.3f%n", deleted, (System.nanoTime() - start) / 1e9);
		}
	}

}
