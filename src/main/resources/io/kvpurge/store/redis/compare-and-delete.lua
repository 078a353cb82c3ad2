-- For each key: 1 deleted, 0 gone, 2 no longer as it was seen, or what the server said.
local fates = {}
for i, key in ipairs(KEYS) do
  local at = 2 + count + (i - 1) * 3
  local digest, idle, freq = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local dumped = string.sub(digest, 1, 1) == 'd'
  local seen = look(key, dumped)
  if not seen then
    fates[i] = 0
  elseif (digest ~= '' and seen[7] ~= digest) or (idle and seen[3] < idle) or (freq and seen[4] > freq) then
    fates[i] = 2
  else
    local gone = redis.pcall('UNLINK', key)
    fates[i] = type(gone) == 'table' and gone.err or gone
  end
end
return fates
