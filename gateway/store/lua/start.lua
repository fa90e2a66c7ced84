-- Mark messages as being sent, and return what the gate must know at this moment.
-- KEYS: lease, bodies, sending, then the key of each message's contact. ARGV: token, mark, then the message ids.
-- Returns "FENCED", or for each id {body or false, the contact's core or false, whether it is marked already}. A message
-- that was withdrawn in the meantime has no body and is not marked. One that carries another mark is being sent, or was
-- when somebody died: it must be settled, not started. (The same mark is this very call, repeated by the client.)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'FENCED' end
local found = {}
for i = 3, #ARGV do
  local body = redis.call('HGET', KEYS[2], ARGV[i])
  local mark = redis.call('HGET', KEYS[3], ARGV[i])
  if body and mark and mark ~= ARGV[2] then
    found[#found + 1] = {false, false, 1}
  elseif body then
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[2])
    found[#found + 1] = {body, redis.call('HGET', KEYS[i + 1], 'c'), 0}
  else
    found[#found + 1] = {false, false, 0}
  end
end
return found
