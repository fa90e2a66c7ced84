-- Claim some of an offer's budget. The same claim always gets the same answer.
-- KEYS: given. ARGV: for each claim the budget ("0": no limit) and the claim. Returns 1 for each claim, or 0 where the
-- budget is spent.
local got, given = {}, nil
for a = 1, #ARGV, 2 do
  local budget, claim, granted = tonumber(ARGV[a]), ARGV[a + 1], 1
  given = given or budget > 0 and redis.call('HLEN', KEYS[1])
  if budget > 0 and given >= budget then
    granted = redis.call('HEXISTS', KEYS[1], claim)
  elseif redis.call('HSETNX', KEYS[1], claim, '1') == 1 and given then
    given = given + 1
  end
  got[#got + 1] = granted
end
return got
