#!/bin/bash
# Every scenario, one after the other, on this machine; pictures of it in the end. More
# than an hour on two cores that have nothing else to do. Tables go to the terminal, every
# single run to target/bench/*.csv. Argument: "small" for a tenth of it, to see that all
# of it runs.
set -e
cd "$(dirname "$0")/../../.."
keys=1000000 many=10000000 rounds=3 namespace=200000 troubled=100000
if [ "$1" = small ]; then
  keys=100000 many=200000 rounds=1 namespace=20000 troubled=20000
fi
rm -rf target/bench
mvn -q -Pbench test-compile
run() {
  $launcher mvn -q -Pbench exec:exec -Dbench.heap=1g -Dbench.class=io.kvpurge.bench.$1 -Dbench.arguments="${*:2}" \
    -Dbench.options="$options"
}
for percent in 100 10; do
  run RedisScenario $keys $percent $rounds
  run RedisScenario $many $percent 1
done
considerate=". 'max-latency: 10ms' 'keys-per-second: 50000'"
run RedisLatencyScenario $keys 50 "$considerate"
# The same with a core for the purge and another one for all else.
launcher="taskset -c 0" options=-Dbench.cores=1 run RedisLatencyScenario $keys 50 "$considerate"
for database in postgresql h2; do
  for percent in 10 100; do
    run SqlScenario $database $keys $percent $rounds
  done
done
run CloudflareScenario $namespace 10 $rounds 50
# How it grows.
for keys in 10000 100000; do
  run RedisScenario $keys 100 1 kvpurge
  run SqlScenario postgresql $keys 10 1 'kvpurge$'
  run SqlScenario h2 $keys 10 1 'kvpurge$'
  run CloudflareScenario $keys 100 1 0 'kvpurge$'
done
run SqlScenario postgresql $many 10 1 'kvpurge$'
run SqlScenario h2 $many 10 1 'kvpurge$'
run CloudflareScenario $((many / 10)) 100 1 0 'kvpurge$'
run CloudflareScenario $many 100 1 0 'kvpurge$'
for store in redis postgresql cloudflare; do
  run FaultScenario $store $troubled
done
run HotSpots
run Charts target/bench docs/images
