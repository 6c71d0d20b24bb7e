# the second run makes no request: its proxy is a port where nobody listens
si npm ci; want "npm ci" $? 0
export npm_config_https_proxy=http://127.0.0.1:9 npm_config_proxy=http://127.0.0.1:9
si --offline npm ci; want "--offline npm ci" $? 0
