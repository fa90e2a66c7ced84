-- Take messages that are due off a queue, and mark them as being sent.
-- KEYS: lease, queue, bodies, sending, blocked. ARGV: token, mark, now in ms, the lead of answers to people in ms, how many,
-- and how many of them may be what goes out unasked.
-- Returns "FENCED", or {1 where more may be due, else 0; the place of the next in the queue or ""; how many that are due
-- were left where they are, since their contact waits for an earlier one; then id and body of each message taken}.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'FENCED' end
local now, lead, room, unasked = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local blocked = redis.call('HLEN', KEYS[5]) > 0
local found, more, page, most, left = {0, '', 0}, false, 100, 5000, 0
local function take(from, to)
  local passed = 0
  while room > 0 and passed < most do
    local count = math.min(page, room + passed)
    local ids = redis.call('ZRANGEBYSCORE', KEYS[2], from, to, 'LIMIT', passed, count)
    local mine = {}
    for _, id in ipairs(ids) do
      local first = blocked and redis.call('HGET', KEYS[5], string.match(id, '^[^.]*'))
      local waits = first and first ~= id
      if room > 0 and not waits then
        mine[#mine + 1] = id
        room = room - 1
      else
        passed = passed + 1
        if waits then left = left + 1 end
      end
    end
    if #mine > 0 then
      local bodies, marks = redis.call('HMGET', KEYS[3], unpack(mine)), {}
      for i, id in ipairs(mine) do
        found[#found + 1] = id
        found[#found + 1] = bodies[i]
        if bodies[i] then
          marks[#marks + 1] = id
          marks[#marks + 1] = ARGV[2]
        end
      end
      if #marks > 0 then redis.call('HSET', KEYS[4], unpack(marks)) end
      redis.call('ZREM', KEYS[2], unpack(mine)) -- last: a key before it that holds something else ends the script, and nothing is lost
    end
    if #ids < count then return end
  end
  more = more or room <= 0
end
-- A place is a whole millisecond and a fraction for the message's number.
take('-inf', '(' .. string.format('%.0f', now - lead + 1))
local bulk, kept = 0, math.max(0, room - unasked) -- up to when all that goes out unasked was taken; room that is not for it
room = room - kept
if room > 0 then
  take('0', '(' .. string.format('%.0f', now + 1))
  if room > 0 or kept == 0 then bulk = now else more = false end
end
if more or room + kept <= 0 then found[1] = 1 end
found[3] = left
-- What is due next: the first answer that is held, or the first of the bulk.
local held = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%.0f', now - lead + 1), '(0', 'WITHSCORES', 'LIMIT', 0, 1)
local first = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%.0f', bulk + 1), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
if held[2] and first[2] then
  found[2] = tonumber(held[2]) + lead < tonumber(first[2]) and held[2] or first[2]
else
  found[2] = held[2] or first[2] or ''
end
return found
