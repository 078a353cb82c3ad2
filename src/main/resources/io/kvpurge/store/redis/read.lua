local found = {}
for i, key in ipairs(KEYS) do
  found[i] = look(key, asks('d')) or false
end
return found
