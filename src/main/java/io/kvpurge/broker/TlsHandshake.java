package io.kvpurge.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.remoting.impl.ssl.SSLSupport;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.utils.ConfigurationHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/**
 * Finds out why TLS to a broker fails. The client's library writes that into its log, and
 * says only that it cannot connect.
 */
final class TlsHandshake {

	private static final int LONGEST_MILLIS = 10_000;

	private final Map<String, Object> options;

	private TlsHandshake(Map<String, Object> options) {
		this.options = options;
	}

	/**
	 * Shakes hands with each of them, as the client does, and sends nothing.
	 * @return what is wrong, one line; null if TLS is not what fails
	 */
	static @Nullable String problem(TransportConfiguration... connectors) {
		for (TransportConfiguration connector : connectors) {
			TlsHandshake handshake = new TlsHandshake(connector.getParams());
			String problem = handshake.isWanted() ? handshake.problem() : null;
			if (problem != null) {
				return problem;
			}
		}
		return null;
	}

	private boolean isWanted() {
		return flag(TransportConstants.SSL_ENABLED_PROP_NAME, TransportConstants.DEFAULT_SSL_ENABLED);
	}

	private @Nullable String problem() {
		SSLContext context;
		try {
			context = context();
		}
		catch (Exception ex) {
			return "its key store or trust store cannot be used: "
					+ NestedExceptionUtils.getMostSpecificCause(ex).getMessage();
		}
		try {
			shakeHands(context);
			return null;
		}
		catch (SSLException ex) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
			boolean isTrust = cause instanceof CertPathBuilderException || cause instanceof CertificateException;
			return isTrust ? "its certificate is not trusted: " + cause.getMessage() : "TLS: " + cause.getMessage();
		}
		catch (IOException ex) {
			return null; // It cannot be reached at all.
		}
	}

	private void shakeHands(SSLContext context) throws IOException {
		String host = String.valueOf(text(TransportConstants.HOST_PROP_NAME));
		int port = ConfigurationHelper.getIntProperty(TransportConstants.PORT_PROP_NAME,
				TransportConstants.DEFAULT_PORT, this.options);
		try (Socket plain = new Socket()) {
			plain.connect(new InetSocketAddress(host, port), LONGEST_MILLIS);
			plain.setSoTimeout(LONGEST_MILLIS);
			try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
				if (flag(TransportConstants.VERIFY_HOST_PROP_NAME, TransportConstants.DEFAULT_CONNECTOR_VERIFY_HOST)) {
					SSLParameters parameters = secure.getSSLParameters();
					parameters.setEndpointIdentificationAlgorithm("HTTPS");
					secure.setSSLParameters(parameters);
				}
				secure.startHandshake();
			}
		}
	}

	private SSLContext context() throws Exception {
		return new SSLSupport(SSLContextConfig.builder()
			.keystorePath(text(TransportConstants.KEYSTORE_PATH_PROP_NAME))
			.keystoreType(ConfigurationHelper.getStringProperty(TransportConstants.KEYSTORE_TYPE_PROP_NAME,
					TransportConstants.DEFAULT_KEYSTORE_TYPE, this.options))
			.keystorePassword(text(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME))
			.truststorePath(text(TransportConstants.TRUSTSTORE_PATH_PROP_NAME))
			.truststoreType(ConfigurationHelper.getStringProperty(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME,
					TransportConstants.DEFAULT_TRUSTSTORE_TYPE, this.options))
			.truststorePassword(text(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME))
			.trustAll(flag(TransportConstants.TRUST_ALL_PROP_NAME, TransportConstants.DEFAULT_TRUST_ALL))
			.build()).createContext();
	}

	private @Nullable String text(String option) {
		Object value = this.options.get(option);
		return (value != null) ? value.toString() : null;
	}

	private boolean flag(String option, boolean otherwise) {
		return ConfigurationHelper.getBooleanProperty(option, otherwise, this.options);
	}

}
