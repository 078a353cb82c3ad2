package io.kvpurge.job;

import javax.sql.DataSource;

import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Opens job repositories where no job is launched. */
final class JobRepositories {

	private JobRepositories() {
	}

	/** That of a database, as {@link PurgeJobConfiguration} has it. */
	static JobRepository of(DataSource dataSource) {
		JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
		factory.setDataSource(dataSource);
		factory.setTransactionManager(new JdbcTransactionManager(dataSource));
		factory.setSerializer(new JacksonExecutionContextStringSerializer());
		try {
			factory.afterPropertiesSet();
			return factory.getObject();
		}
		catch (Exception ex) {
			throw new IllegalStateException("the job repository cannot be opened", ex);
		}
	}

}
