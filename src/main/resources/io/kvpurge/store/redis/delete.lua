-- One number, how many there are, if all were there and are gone. Otherwise for each key:
-- 1 deleted, 0 gone, or what the server said.
if redis.pcall('EXISTS', unpack(KEYS)) == #KEYS and redis.pcall('UNLINK', unpack(KEYS)) == #KEYS then
  return {#KEYS}
end
local fates = {}
for i, key in ipairs(KEYS) do
  local gone = redis.pcall('UNLINK', key)
  fates[i] = type(gone) == 'table' and gone.err or gone
end
return fates
