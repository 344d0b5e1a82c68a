--[[
  Takes back a configuration that its bot did not take.
  KEYS: 1 bot_config, 2 bot_wake
  ARGV: none
  Returns: how many keys were there.
]]
return redis.call('DEL', KEYS[1], KEYS[2])
