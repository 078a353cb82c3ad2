package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

import net.ttddyy.dsproxy.ConnectionInfo;
import net.ttddyy.dsproxy.proxy.JdbcProxyFactory;
import net.ttddyy.dsproxy.proxy.ProxyConfig;

/**
 * Stands before the real drivers, and shows what happens on the connections to one
 * database.
 */
final class HookedDriver implements Driver {

	private final String urlPrefix;

	private final List<Driver> drivers;

	private final LedgerHooks hooks;

	private final ProxyConfig config;

	private final AtomicInteger connections = new AtomicInteger();

	private HookedDriver(String urlPrefix, List<Driver> drivers, LedgerHooks hooks) {
		this.urlPrefix = urlPrefix;
		this.drivers = drivers;
		this.hooks = hooks;
		this.config = ProxyConfig.Builder.create().queryListener(hooks).methodListener(hooks).build();
	}

	/** From here on, connections to URLs that begin so are shown. */
	static void install(String urlPrefix, LedgerHooks hooks) throws SQLException {
		List<Driver> drivers = Collections.list(DriverManager.getDrivers());
		for (Driver driver : drivers) {
			DriverManager.deregisterDriver(driver);
		}
		DriverManager.registerDriver(new HookedDriver(urlPrefix, drivers, hooks));
		for (Driver driver : drivers) {
			DriverManager.registerDriver(driver);
		}
	}

	@Override
	public boolean acceptsURL(String url) {
		return url.startsWith(this.urlPrefix);
	}

	@Override
	public Connection connect(String url, Properties properties) throws SQLException {
		if (!acceptsURL(url)) {
			return null;
		}
		Connection connection = real(url).connect(url, properties);
		ConnectionInfo info = new ConnectionInfo();
		info.setDataSourceName("ledger");
		info.setConnectionId(Integer.toString(this.connections.incrementAndGet()));
		this.hooks.opened(info.getConnectionId(), connection);
		return JdbcProxyFactory.DEFAULT.createConnection(connection, info, this.config);
	}

	private Driver real(String url) throws SQLException {
		for (Driver driver : this.drivers) {
			if (driver.acceptsURL(url)) {
				return driver;
			}
		}
		throw new SQLException("no driver for " + url);
	}

	@Override
	public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) throws SQLException {
		return real(url).getPropertyInfo(url, properties);
	}

	@Override
	public int getMajorVersion() {
		return 1;
	}

	@Override
	public int getMinorVersion() {
		return 0;
	}

	@Override
	public boolean jdbcCompliant() {
		return true;
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getGlobal();
	}

}
