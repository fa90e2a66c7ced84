-- Withdraw what was asked of the session's owner. KEYS: ask, taken. ARGV: ms for which it stays withdrawn, should it
-- arrive later than this. Returns 1 where nobody has taken it, or will; 0 where somebody has.
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
return 1
