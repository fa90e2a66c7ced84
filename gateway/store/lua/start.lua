-- Mark messages as being sent, and return what the gate must know at this moment.
-- KEYS: lease, bodies, sending, then the key of each message's contact. ARGV: token, time, then the message ids.
-- Returns "FENCED", or for each id {body or false, the contact's core or false}. A message that was withdrawn in the
-- meantime has no body and is not marked.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'FENCED' end
local found = {}
for i = 3, #ARGV do
  local body = redis.call('HGET', KEYS[2], ARGV[i])
  if body then
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[2])
    found[#found + 1] = {body, redis.call('HGET', KEYS[i + 1], 'c')}
  else
    found[#found + 1] = {false, false}
  end
end
return found
