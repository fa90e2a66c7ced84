-- Put a claimed code back at the head of its pool. KEYS: codes, claims. ARGV: the claim. Returns 1, or 0 where there is no
-- such claim.
local code = redis.call('HGET', KEYS[2], ARGV[1])
if not code then return 0 end
redis.call('LPUSH', KEYS[1], code) -- first: where it fails, nothing is lost
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
