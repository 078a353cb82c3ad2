-- For each key: 1 deleted, 0 gone, or what the server said.
local fates = {}
for i, key in ipairs(KEYS) do
  local gone = redis.pcall('UNLINK', key)
  fates[i] = type(gone) == 'table' and gone.err or gone
end
return fates
