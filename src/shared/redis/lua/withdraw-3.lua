--[[
  Takes back a configuration that its bot did not take.
  KEYS: 1 bot_status, 2 bot_config, 3 bot_wake
  ARGV: 1 boot id of the process that it was for
  Returns: how many keys were there.
  Invariant: what was delivered to a later process of the same container stays.
]]
local known = redis.call('GET', KEYS[1])
if known and cjson.decode(known).boot_id ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2], KEYS[3])
