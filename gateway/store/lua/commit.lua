-- Apply a list of writes to one partition, all or nothing, if the caller still owns it.
-- KEYS[1] is the lease; the other KEYS are whatever the writes name, all of the same slot.
-- ARGV[1] token; ARGV[2] number of checks; a check is: index of a contact's key, the version it must have ("0": none).
-- Then the writes: command, index of its key, number of arguments, arguments. Beside Redis's own commands there is
-- REQUEUE: the key is the bodies', its arguments are the index of the queue's key, message, body, place in the queue; it
-- does nothing where the message has been withdrawn or its contact erased.
-- Returns "OK", "FENCED" or "STALE"; unless OK, nothing was written.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'FENCED' end
local a = 3
for _ = 1, tonumber(ARGV[2]) do
  if (redis.call('HGET', KEYS[tonumber(ARGV[a])], 'v') or '0') ~= ARGV[a + 1] then return 'STALE' end
  a = a + 2
end
while a <= #ARGV do
  local n = tonumber(ARGV[a + 2])
  local key = KEYS[tonumber(ARGV[a + 1])]
  if ARGV[a] ~= 'REQUEUE' then
    redis.call(ARGV[a], key, unpack(ARGV, a + 3, a + 2 + n))
  elseif redis.call('HEXISTS', key, ARGV[a + 4]) == 1 then
    redis.call('HSET', key, ARGV[a + 4], ARGV[a + 5])
    redis.call('ZADD', KEYS[tonumber(ARGV[a + 3])], ARGV[a + 6], ARGV[a + 4])
  end
  a = a + 3 + n
end
return 'OK'
