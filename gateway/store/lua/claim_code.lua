-- Take a code from a pool for a claim. The same claim always gets the same code, and a code goes to one claim only.
-- KEYS: codes, claims. ARGV: claim. Returns the code, or false where the pool is empty.
local had = redis.call('HGET', KEYS[2], ARGV[1])
if had then return had end
local code = redis.call('LPOP', KEYS[1])
if not code then return false end
redis.call('HSET', KEYS[2], ARGV[1], code)
return code
