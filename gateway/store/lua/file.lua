-- Change a campaign file if it is still as it was read, and, where that is asked, if the whole set is.
-- KEYS: heads, set, texts of the file, its revisions. ARGV: name, head as read ('': there was none), set as read ('': any),
-- new head, revision, version, text ('': no new one), revisions kept, version to let go of ('': none).
-- Returns the set's new number; 0: the file has changed; -1: the set has.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] ~= '' and (redis.call('GET', KEYS[2]) or '0') ~= ARGV[3] then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
if ARGV[7] ~= '' then redis.call('HSET', KEYS[3], ARGV[6], ARGV[7]) end
redis.call('LPUSH', KEYS[4], ARGV[5])
redis.call('LTRIM', KEYS[4], 0, ARGV[8] - 1)
if ARGV[9] ~= '' then redis.call('HDEL', KEYS[3], ARGV[9]) end
return redis.call('INCR', KEYS[2])
