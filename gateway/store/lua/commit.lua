-- Apply a list of writes to one partition, all or nothing, if the caller still owns it.
-- KEYS[1] is the lease; the other KEYS are whatever the writes name, all of the same slot.
-- ARGV[1] token; ARGV[2] number of checks; a check is: index of a contact's key, the version it must have ("0": none).
-- Then the writes: command, index of its key, number of arguments, arguments.
-- Returns "OK", "FENCED" or "STALE"; unless OK, nothing was written.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'FENCED' end
local a = 3
for _ = 1, tonumber(ARGV[2]) do
  if (redis.call('HGET', KEYS[tonumber(ARGV[a])], 'v') or '0') ~= ARGV[a + 1] then return 'STALE' end
  a = a + 2
end
while a <= #ARGV do
  local n = tonumber(ARGV[a + 2])
  redis.call(ARGV[a], KEYS[tonumber(ARGV[a + 1])], unpack(ARGV, a + 3, a + 2 + n))
  a = a + 3 + n
end
return 'OK'
