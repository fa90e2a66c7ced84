-- Apply a list of writes to one partition, all or nothing, if the caller still owns it.
-- KEYS[1] is the lease, KEYS[2] the number of turns; the other KEYS are whatever the writes name, all of the same slot.
-- ARGV[1] token; ARGV[2] how many turns the partition must have had before this one, or "" where this is none.
-- Then the writes: command, index of its key, number of arguments, arguments. Beside Redis's own commands there are
--   REQUEUE  the key is that of the messages being sent; arguments: index of the bodies' key, index of the queue's, message,
--            body, place in the queue. It does nothing where the message is not being sent any more: it was requeued
--            before, or its contact was erased.
--   PARK     as REQUEUE, with two more arguments: index of the parked queue's key, where the message goes instead while
--            its run is paused, and index of the run's key.
--   UNPARK   the key is a parked queue; argument: index of the queue's key that it goes back to.
--   WITHDRAW the key is a queue; arguments: index of the bodies' key, message, index of the blocked contacts' key, contact:
--            where the contact's other messages wait for this one, they need not any more.
--   ASIDE    the key is a queue; arguments: message, its place, index of the blocked contacts' key, contact: where the contact's
--            other messages wait for this one, which is in the queue, it goes to that place and they need not any more.
--   UNBLOCK  the key is that of the blocked contacts; arguments: contact, message, for many. A contact that waits for another
--            message by now goes on waiting.
--   TELL     the key is the queue of a webhook's endpoint; arguments: index of the key of what waits, index of the key of what was
--            lost, how many may wait ("" for any number), endpoint, id, when it is due, body. What waits already stays as it is; where
--            too many wait it is lost, and counted.
--   RETELL   as TELL, for what waits already and is due again later: it does nothing where its contact was erased.
--   BURYTOLD the key is the queue of a webhook's endpoint; arguments: index of the key of what waits, index of the dead letters'
--            key, how many of them are kept, endpoint, id, reason, body, now. It goes from the queue to the dead letters; it
--            does nothing where it does not wait any more: its contact was erased.
--   BITS     the key is a string of bits; arguments: place and 0 or 1, for many.
-- Returns "OK", "FENCED" or "STALE"; unless OK, nothing was written.
local now = redis.call('MGET', KEYS[1], KEYS[2])
if now[1] ~= ARGV[1] then return 'FENCED' end
if ARGV[2] ~= '' then
  if (now[2] or '0') ~= ARGV[2] then return 'STALE' end
  redis.call('INCR', KEYS[2])
end
local a = 3
local function requeue(sending, bodies, queue, id, body, place)
  if redis.call('HDEL', sending, id) == 0 then return end
  redis.call('HSET', bodies, id, body)
  redis.call('ZADD', queue, place, id)
end
local function unpark(parked, queue)
  if redis.call('EXISTS', parked) == 0 then return end
  redis.call('ZUNIONSTORE', queue, 2, queue, parked, 'AGGREGATE', 'MIN')
  redis.call('DEL', parked)
end
local function tell(queue, waiting, lost, most, endpoint, id, due, body)
  if most ~= '' and redis.call('ZCARD', queue) >= tonumber(most) then
    redis.call('HINCRBY', lost, endpoint, 1)
  elseif redis.call('HSETNX', waiting, endpoint .. '|' .. id, body) == 1 then
    redis.call('ZADD', queue, due, id)
  end
end
local function retell(queue, waiting, endpoint, id, due, body)
  if redis.call('HEXISTS', waiting, endpoint .. '|' .. id) == 0 then return end
  redis.call('HSET', waiting, endpoint .. '|' .. id, body)
  redis.call('ZADD', queue, due, id)
end
local function burytold(queue, waiting, dead, most, endpoint, id, reason, body, at)
  if redis.call('HDEL', waiting, endpoint .. '|' .. id) == 0 then return end
  redis.call('ZREM', queue, id)
  redis.call('XADD', dead, 'MAXLEN', '~', most, '*', 'i', id, 'k', endpoint, 'b', body, 'r', reason, 'at', at, 'what', 'webhook')
end
while a <= #ARGV do
  local n = tonumber(ARGV[a + 2])
  local key = KEYS[tonumber(ARGV[a + 1])]
  if ARGV[a] == 'REQUEUE' or ARGV[a] == 'PARK' then
    local queue = ARGV[a + 4]
    if ARGV[a] == 'PARK' and redis.call('HGET', KEYS[tonumber(ARGV[a + 9])], 'state') == 'paused' then queue = ARGV[a + 8] end
    requeue(key, KEYS[tonumber(ARGV[a + 3])], KEYS[tonumber(queue)], ARGV[a + 5], ARGV[a + 6], ARGV[a + 7])
  elseif ARGV[a] == 'WITHDRAW' then
    if redis.call('ZREM', key, ARGV[a + 4]) == 1 then
      redis.call('HDEL', KEYS[tonumber(ARGV[a + 3])], ARGV[a + 4])
      local blocked = KEYS[tonumber(ARGV[a + 5])]
      if redis.call('HGET', blocked, ARGV[a + 6]) == ARGV[a + 4] then redis.call('HDEL', blocked, ARGV[a + 6]) end
    end
  elseif ARGV[a] == 'ASIDE' then
    local blocked = KEYS[tonumber(ARGV[a + 5])]
    if redis.call('ZSCORE', key, ARGV[a + 3]) and redis.call('HGET', blocked, ARGV[a + 6]) == ARGV[a + 3] then
      redis.call('ZADD', key, ARGV[a + 4], ARGV[a + 3])
      redis.call('HDEL', blocked, ARGV[a + 6])
    end
  elseif ARGV[a] == 'UNBLOCK' then
    for i = a + 3, a + 2 + n, 2 do
      if redis.call('HGET', key, ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', key, ARGV[i]) end
    end
  elseif ARGV[a] == 'TELL' then
    tell(key, KEYS[tonumber(ARGV[a + 3])], KEYS[tonumber(ARGV[a + 4])], ARGV[a + 5], ARGV[a + 6], ARGV[a + 7], ARGV[a + 8], ARGV[a + 9])
  elseif ARGV[a] == 'RETELL' then
    retell(key, KEYS[tonumber(ARGV[a + 3])], ARGV[a + 6], ARGV[a + 7], ARGV[a + 8], ARGV[a + 9])
  elseif ARGV[a] == 'BURYTOLD' then
    burytold(key, KEYS[tonumber(ARGV[a + 3])], KEYS[tonumber(ARGV[a + 4])], unpack(ARGV, a + 5, a + 10))
  elseif ARGV[a] == 'BITS' then
    for i = a + 3, a + 2 + n, 2 do
      if ARGV[i + 1] == '1' or redis.call('GETBIT', key, ARGV[i]) == 1 then redis.call('SETBIT', key, ARGV[i], ARGV[i + 1]) end
    end
  elseif ARGV[a] == 'UNPARK' then
    unpark(key, KEYS[tonumber(ARGV[a + 3])])
  else
    redis.call(ARGV[a], key, unpack(ARGV, a + 3, a + 2 + n))
  end
  a = a + 3 + n
end
return 'OK'
