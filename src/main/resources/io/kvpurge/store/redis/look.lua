-- Looks at one key: all at one moment, and idle time before anything that may count as use.
local flags = ARGV[1]
local count = tonumber(ARGV[2])
local names = {}
for i = 1, count do
  names[i] = ARGV[2 + i]
end

local function asks(flag)
  return string.find(flags, flag, 1, true) ~= nil
end

-- Milliseconds since 1970, -1 for never. Before Redis 7 only the time left can be had: the
-- sum is exact if the clock did not tick between the two.
local function expiration(key)
  if asks('x') then
    return redis.call('PEXPIRETIME', key)
  end
  local sum = -1
  for _ = 1, 50 do
    local before = redis.call('TIME')
    local left = redis.call('PTTL', key)
    local after = redis.call('TIME')
    if left < 0 then
      return -1
    end
    local from = before[1] * 1000 + math.floor(before[2] / 1000)
    sum = from + left
    if from == after[1] * 1000 + math.floor(after[2] / 1000) then
      return sum
    end
  end
  return sum
end

local function hash(key)
  if not asks('h') then
    return redis.call('HMGET', key, unpack(names))
  end
  local flat = redis.call('HGETALL', key)
  local order = {}
  for i = 1, #flat, 2 do
    order[#order + 1] = i
  end
  table.sort(order, function(a, b) return flat[a] < flat[b] end)
  local sorted = {}
  for _, i in ipairs(order) do
    sorted[#sorted + 1] = flat[i]
    sorted[#sorted + 1] = flat[i + 1]
  end
  return sorted
end

local function look(key, dumped)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then
    return nil
  end
  local seen = {kind, -1, false, false, false, false, false, false}
  if asks('i') then
    seen[3] = redis.call('OBJECT', 'IDLETIME', key)
  end
  if asks('f') then
    seen[4] = redis.call('OBJECT', 'FREQ', key)
  end
  if asks('e') or dumped then
    seen[2] = expiration(key)
  end
  if asks('s') then
    seen[5] = redis.call('MEMORY', 'USAGE', key)
  end
  local parts = {kind, string.format('%.0f', seen[2]), tostring(seen[5])}
  if kind == 'hash' and (asks('h') or count > 0) then
    seen[6] = hash(key)
    for _, text in ipairs(seen[6]) do
      parts[#parts + 1] = text and (#text .. ':' .. text) or 'none'
    end
  elseif kind == 'string' and asks('j') then
    seen[6] = {redis.call('GET', key)}
    parts[#parts + 1] = seen[6][1]
  end
  if dumped then
    seen[8] = redis.call('DUMP', key)
    parts[#parts + 1] = redis.sha1hex(seen[8])
  end
  seen[7] = (dumped and 'd' or 'l') .. redis.sha1hex(table.concat(parts, '\n'))
  return seen
end
