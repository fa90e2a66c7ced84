-- Claim one of an offer's budget. The same claim always gets the same answer.
-- KEYS: given. ARGV: claim, budget ("0": no limit). Returns 1, or 0 where the budget is spent.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 1 end
local budget = tonumber(ARGV[2])
if budget > 0 and redis.call('HLEN', KEYS[1]) >= budget then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], '1')
return 1
