-- Writes one hash: KEYS[1]; ARGV: whether only where nothing is, when it expires, fields and values.
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 1 then
  return {0}
end
redis.call('UNLINK', KEYS[1])
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
if ARGV[2] ~= '' then
  redis.call('PEXPIREAT', KEYS[1], ARGV[2])
end
return {1}
