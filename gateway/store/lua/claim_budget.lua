-- Claim some of an offer's budget. The same claim always gets the same answer.
-- KEYS: given. ARGV: for each claim the budget ("0": no limit) and the claim. Returns 1 for each claim, or 0 where the
-- budget is spent.
local got = {}
for a = 1, #ARGV, 2 do
  local budget, claim = tonumber(ARGV[a]), ARGV[a + 1]
  local granted = redis.call('HEXISTS', KEYS[1], claim)
  if granted == 0 and (budget <= 0 or redis.call('HLEN', KEYS[1]) < budget) then
    redis.call('HSET', KEYS[1], claim, '1')
    granted = 1
  end
  got[#got + 1] = granted
end
return got
