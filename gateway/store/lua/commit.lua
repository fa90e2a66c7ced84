-- Apply a list of writes to one partition, all or nothing, if the caller still owns it.
-- KEYS[1] is the lease, KEYS[2] the number of turns; the other KEYS are whatever the writes name, all of the same slot.
-- ARGV[1] token; ARGV[2] how many turns the partition must have had before this one, or "" where this is none; ARGV[3] the
-- plan; ARGV[4] and on the arguments, in the order of the plan. The plan is seven bytes a write: the command's number, that of
-- its key, and how many arguments are its own. What comes before this text says the names of the commands, by their numbers.
-- Beside Redis's own there are
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
--   SETBITS  the key is a string of bits; arguments: places, which become 1.
--   CLEARBITS  as SETBITS, but they become 0.
-- Returns "OK", "FENCED" or "STALE"; unless OK, nothing was written.
local call = redis.call
local now = call('MGET', KEYS[1], KEYS[2])
if now[1] ~= ARGV[1] then return 'FENCED' end
if ARGV[2] ~= '' then
  if (now[2] or '0') ~= ARGV[2] then return 'STALE' end
  call('INCR', KEYS[2])
end

-- where is the key whose index is the i-th argument.
local function where(i) return KEYS[tonumber(ARGV[i])] end

local function requeue(sending, bodies, queue, id, body, place)
  if call('HDEL', sending, id) == 0 then return end
  call('HSET', bodies, id, body)
  call('ZADD', queue, place, id)
end

-- unblock lets a contact's messages go where they wait for this one.
local function unblock(blocked, contact, message)
  if call('HGET', blocked, contact) ~= message then return false end
  call('HDEL', blocked, contact)
  return true
end

-- Each takes its key, the place of its first argument, and how many there are.
local writes = {}
function writes.REQUEUE(sending, a)
  requeue(sending, where(a), where(a + 1), ARGV[a + 2], ARGV[a + 3], ARGV[a + 4])
end
function writes.PARK(sending, a)
  local paused = call('HGET', where(a + 6), 'state') == 'paused'
  requeue(sending, where(a), where(paused and a + 5 or a + 1), ARGV[a + 2], ARGV[a + 3], ARGV[a + 4])
end
function writes.UNPARK(parked, a)
  if call('EXISTS', parked) == 0 then return end
  local queue = where(a)
  call('ZUNIONSTORE', queue, 2, queue, parked, 'AGGREGATE', 'MIN')
  call('DEL', parked)
end
function writes.WITHDRAW(queue, a)
  local message = ARGV[a + 1]
  if call('ZREM', queue, message) == 0 then return end
  call('HDEL', where(a), message)
  unblock(where(a + 2), ARGV[a + 3], message)
end
function writes.ASIDE(queue, a)
  local message = ARGV[a]
  if call('ZSCORE', queue, message) and unblock(where(a + 2), ARGV[a + 3], message) then
    call('ZADD', queue, ARGV[a + 1], message)
  end
end
function writes.UNBLOCK(blocked, a, n)
  for i = a, a + n - 1, 2 do unblock(blocked, ARGV[i], ARGV[i + 1]) end
end
function writes.TELL(queue, a)
  local waiting, lost, most = where(a), where(a + 1), ARGV[a + 2]
  local endpoint, id, due, body = unpack(ARGV, a + 3, a + 6)
  if most ~= '' and call('ZCARD', queue) >= tonumber(most) then
    call('HINCRBY', lost, endpoint, 1)
  elseif call('HSETNX', waiting, endpoint .. '|' .. id, body) == 1 then
    call('ZADD', queue, due, id)
  end
end
function writes.RETELL(queue, a)
  local waiting = where(a)
  local endpoint, id, due, body = unpack(ARGV, a + 3, a + 6)
  if call('HEXISTS', waiting, endpoint .. '|' .. id) == 0 then return end
  call('HSET', waiting, endpoint .. '|' .. id, body)
  call('ZADD', queue, due, id)
end
function writes.BURYTOLD(queue, a)
  local waiting, dead, most = where(a), where(a + 1), ARGV[a + 2]
  local endpoint, id, reason, body, at = unpack(ARGV, a + 3, a + 7)
  if call('HDEL', waiting, endpoint .. '|' .. id) == 0 then return end
  call('ZREM', queue, id)
  call('XADD', dead, 'MAXLEN', '~', most, '*', 'i', id, 'k', endpoint, 'b', body, 'r', reason, 'at', at, 'what', 'webhook')
end
function writes.SETBITS(bits, a, n)
  if n > 1 then
    local sets = {}
    for i = a, a + n - 1 do
      local j = #sets
      sets[j + 1], sets[j + 2], sets[j + 3], sets[j + 4] = 'SET', 'u1', ARGV[i], '1'
    end
    local done = redis.pcall('BITFIELD', bits, unpack(sets))
    if not done.err then return end
  end
  for i = a, a + n - 1 do call('SETBIT', bits, ARGV[i], '1') end -- one by one also where there is no BITFIELD, as in the demo's Redis
end
function writes.CLEARBITS(bits, a, n)
  for i = a, a + n - 1 do
    if call('GETBIT', bits, ARGV[i]) == 1 then call('SETBIT', bits, ARGV[i], '0') end
  end
end

local plan, a = ARGV[3], 4
for i = 1, #plan, 7 do
  local c, k4, k3, k2, k1, n2, n1 = plan:byte(i, i + 6)
  local key, n = KEYS[((k4 * 256 + k3) * 256 + k2) * 256 + k1], n2 * 256 + n1
  local command = commands[c]
  local own = writes[command]
  if own then
    own(key, a, n)
  else
    call(command, key, unpack(ARGV, a, a + n - 1))
  end
  a = a + n
end
return 'OK'
