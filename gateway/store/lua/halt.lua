-- Pause or drain an account. Where it is in that state already, what is there stands.
-- KEYS: halts. ARGV: account, state, value ("state|..."). Returns the value that holds.
local is = redis.call('HGET', KEYS[1], ARGV[1])
if is and string.sub(is, 1, #ARGV[2] + 1) == ARGV[2] .. '|' then return is end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return ARGV[3]
