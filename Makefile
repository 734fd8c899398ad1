# Every command of Minim. Each one does its own set-up, and builds only what is out of date. Longer commands are scripts
# in infra/commands, or Go programs: infra/deploy for make deploy and related commands, tests/run for make test and its parts.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR .NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8080
STATE ?= .local
REGION ?= us-east-1
FUZZ_TIME ?= 10000x
OSLS := node_modules/.bin/osls
export CHROMIUM := $(or $(CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
# Only the commit, at a fixed length: tags and a clone's depth must not change the packages.
export VERSION := $(or $(VERSION),$(shell git describe --always --abbrev=12 --exclude='*' --dirty 2>/dev/null),unknown)

SERVICE := $(shell sed -n 's/^service: *//p' serverless.yml)
FUNCTIONS := $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
# The files that a folder's Go build reads, and the folders, whose times change when a file is removed.
sources = $(shell find $(1) -not -name '*_test.go' -not -path '*/testdata*' 2>/dev/null) go.mod go.sum
FUNCTION_SOURCES := $(call sources,functions shared)
FRONTEND := build/frontend/index.html
STACK_SOURCES := serverless.yml serverless.us-east-1.yml $(wildcard functions/*/*.yml infra/*.yml infra/*.js infra/stages/*.yml infra/edge/*.js)
DELVE := v1.27.2
template = build/stack-$(1)/cloudformation-template-update-stack.json
# Shows the progress of a step of the set-up, with its number and title.
STEP = node infra/commands/step.js

.PHONY: help setup dev package deploy rollback deployments rollback-site remove adopt drift redrive invoke new copy logs key backfill-images backfill-links seed screenshots test unit fuzz test-go test-template \
  test-stack test-copy test-deploy test-e2e test-browser mutants chaos bench load scale cost check aws-check bots urls cli generate openapi-aws doctor clean templates need-aws need-function need-go need-node need-java
help: ## prints this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile
setup: export STEPS := 8
setup: build/.machine build/local/.stamp $(call template,local) build/components/.stamp build/key build/site $(FRONTEND) | need-java ## downloads and builds everything that the commands below need
dev: setup $(if $(DEBUG),build/dlv-$(DELVE) build/debug/$(DEBUG)/bootstrap) ## runs the whole service on this machine and rebuilds it after changes: PORT=8080 STATE=.local
	@exec infra/commands/dev '$(SERVICE)' '$(PORT)' '$(STATE)' $(if $(DEBUG),'$(DEBUG)' build/dlv-$(DELVE))
package: build/arm64/.zips node_modules/.package-lock.json $(FRONTEND) ## builds the zips for AWS and the compiled template: STAGE=dev
	@build/package stacks --stage '$(or $(STAGE),dev)' --region '$(REGION)' --osls '$(OSLS)'

# ---- commands for a stage in AWS: dev, unless STAGE names another one
IN_AWS := AWS_REGION='$(REGION)' AWS_DEFAULT_REGION='$(REGION)'
ON_STAGE = --service $(SERVICE) --stage '$(or $(STAGE),dev)'
deploy: export ALERTS_EMAIL ?=
deploy: need-function need-aws build/arm64/.zips node_modules/.package-lock.json build/site $(FRONTEND) ## deploys the stack and the site to AWS: STAGE=dev [REGION=us-east-1]; or only the code of FN=link-get
deployments: need-aws build/site ## lists the deployments and the releases of the site: STAGE=dev
rollback: need-aws node_modules/.package-lock.json ## restores an earlier deployment of the stack: STAGE=dev [TO=time in make deployments]
rollback-site: need-aws build/site ## restores an earlier release of the site: STAGE=dev [TO=version in make deployments]
remove: need-aws node_modules/.package-lock.json ## removes a stage from AWS, after asking for its name: STAGE=dev [CONFIRM=dev]
adopt: need-aws build/arm64/.zips node_modules/.package-lock.json ## imports the tables and buckets of a removed stage into its new stack: STAGE=prod
drift: need-aws ## lists changes made in AWS by hand: STAGE=dev
deploy deployments rollback rollback-site remove adopt drift:
	@$(IN_AWS) build/deploy $@ $(ON_STAGE) --function '$(FN)' --version '$(VERSION)' --to '$(TO)' --confirm '$(CONFIRM)' --osls '$(OSLS)'

# ---- commands for the local cloud or, with STAGE, a stage in AWS
ON := $(or $(STAGE),local)
IF_AWS := $(if $(filter-out local,$(ON)),need-aws node_modules/.package-lock.json)
AT = REGION='$(REGION)' STATE='$(STATE)' OSLS='$(OSLS)' infra/commands/at '$(ON)'
redrive: build/redrive $(IF_AWS) ## reprocesses failed messages: QUEUE=clicks-dead or failures [STAGE=dev]
	@$(AT) build/redrive --service $(SERVICE) --stage '$(ON)' --queue '$(QUEUE)'
invoke: export DATA ?= {}
invoke: need-function $(IF_AWS) | need-node ## invokes one function: FN=report-run DATA='{}' [STAGE=dev]
	@$(AT) infra/commands/invoke $(SERVICE) '$(FN)' "$$DATA"
new: build/scaffold ; @build/scaffold --function "$${FN-}" --event "$${EVENT-}" --route "$${ROUTE-}" --table "$${TABLE-}" && $(MAKE) generate ## creates a function: FN=note-create EVENT=http|sqs|s3|schedule|stream [ROUTE='POST /api/notes'] [TABLE=links]; or a table with five functions: FN=note EVENT=table
copy: build/copy ; @build/copy --to '$(DIR)' --name '$(NAME)' --module '$(MODULE)' --without '$(WITHOUT)' ## creates a new repository from this one: DIR=../memo NAME=memo MODULE=github.com/acme/memo [WITHOUT=images,reports,links]
logs: need-function $(IF_AWS) ## prints the logs of functions: FN=report-run (optional without STAGE) [FOLLOW=1] [STAGE=dev]
	@REGION='$(REGION)' STATE='$(STATE)' OSLS='$(OSLS)' infra/commands/logs '$(ON)' $(SERVICE) '$(FN)' '$(FOLLOW)'
key: build/key $(IF_AWS) ## creates an API key: OWNER=me [NAME=CI] [SCOPES=links:read,reports:write; default: all but admin] [EXPIRES=2030-01-31T12:00:00Z] [STAGE=dev]
	@$(AT) build/key --table '$(SERVICE)-$(ON)-keys' --owner '$(or $(OWNER),me)' $(if $(NAME),--name '$(NAME)') $(if $(SCOPES),--scopes '$(SCOPES)') $(if $(EXPIRES),--expires '$(EXPIRES)')
backfill-images: $(IF_AWS) | need-node ## recreates images that were made with an older recipe: [STAGE=dev] [RATE=2 per second]
	@$(AT) node infra/commands/backfill.js '$(RATE)' infra/commands/invoke $(SERVICE) image-backfill
backfill-links: build/backfill $(IF_AWS) ## adds all links to the search index: [STAGE=dev] [RATE=50 per second] [AFTER=code]
	@$(AT) build/backfill --service $(SERVICE) --stage '$(ON)' $(if $(RATE),--rate '$(RATE)') --after '$(AFTER)'
seed: build/seed ## fills the running service with demo data: links, a month of clicks and images
	@STATE='$(STATE)' infra/commands/at local bash -c 'build/seed --site "$$SITE_URL" --key "$$STATE/api-key" --queue $(SERVICE)-local-clicks'
screenshots: setup build/seed ## renders every page with demo data, in both colours and sizes, into build/screenshots, and README's into docs
	@env -u MAKEFLAGS -u MFLAGS node_modules/.bin/playwright test --config tests/browser/screenshots.config.mjs

# ---- tests and measurements
test: ## runs all tests, and reports the time of each part
unit: ## runs the fast tests, without emulators
fuzz: ## runs each fuzz test for a while: FUZZ_TIME=10000x
test-stack: test-template
test unit fuzz test-go test-template test-stack test-copy test-deploy test-e2e test-browser: build/tests
	@build/tests --fuzz-time '$(FUZZ_TIME)' $@
# The compiled template of each stage: in us-east-1, and in another region with the second stack.
templates: $(call template,local) $(foreach stage,dev prod example,$(foreach name,$(stage) $(stage)-eu-central-1 $(stage)-us-east-1,$(call template,$(name))))
mutants: setup ## inserts small defects into the code, one at a time, and lists those that no test detects: [ONLY=shared/table]
	@go build -o build/mutants ./tests/mutants && infra/commands/emulators build/mutants -only '$(ONLY)'
chaos: setup ## causes kills, duplicates, hanging components and a full disk while people click and upload: CLICKS=5000 UPLOADS=50 CHAOS=0.05 DUPLICATE=0.3 HANG=3s
	@go test -count=1 -timeout 60m -v -run '^TestChaos$$' ./tests/e2e -args -clicks $(or $(CLICKS),5000) -uploads $(or $(UPLOADS),50) \
	  -chaos $(or $(CHAOS),0.05) -duplicate $(or $(DUPLICATE),0.3) -hang $(or $(HANG),3s)
bench: tests/bench/node_modules/.package-lock.json | need-go ## compares image processing with imaging and sharp, and writes docs/benchmarks.md: ROUNDS=5 TIMEOUT=2s (the wait for an idle machine)
	@go build -o build/bench-images ./tests/bench && build/bench-images -rounds $(or $(ROUNDS),5) -timeout $(or $(TIMEOUT),2s)
load: setup build/load build/load-plain ## runs the load experiment, and writes docs/load.md: USERS=5
	@infra/commands/emulators build/load --users $(or $(USERS),5) --docs docs
scale: build/load-scale ; @build/load-scale $(if $(FLAGS),$(FLAGS),-docs docs/scale.md) ## simulates three kinds of scale, and writes docs/scale.md: [FLAGS='-rate 5000']
cost: | need-go ## estimates the monthly cost by service: REDIRECTS=10 LINKS=0.1 IMAGES=0.1 (millions) FLAGS=-help; MEASURE=1 measures the local cloud
	@go run ./infra/cost $(if $(MEASURE),--measure http://localhost:$(PORT),--redirects $(or $(REDIRECTS),10) --links $(or $(LINKS),0.1) --images $(or $(IMAGES),0.1) $(FLAGS))
check: build/staticcheck build/govulncheck tests/contract/node_modules/.package-lock.json $(FRONTEND) ## runs gofmt, vet, staticcheck and govulncheck, and checks JavaScript syntax and docs/openapi.yaml
	@infra/commands/check
aws-check: need-aws ; @cd infra/local && $(IN_AWS) go run ./cmd/aws-check -stage '$(STAGE)' -out '$(CURDIR)/docs' ## runs the local cloud's test cases against a real account: STAGE=dev
bots: node_modules/.package-lock.json | need-go ; @go run ./infra/bots ## regenerates the list of bots in shared/click from the pinned npm package
urls: node_modules/.package-lock.json | need-node ; @node infra/commands/urls.js ## regenerates the expected URLs in shared/link/weburl from the pinned npm package
cli: build/minim ## builds the command minim (docs/cli.md) in build
generate: build/oapi-codegen tests/contract/node_modules/.package-lock.json ## regenerates the Go client in client/api and the site's types of the API from docs/openapi.yaml
	@build/oapi-codegen -config client/api/oapi-codegen.yaml -o client/api/api.gen.go docs/openapi.yaml && node tests/contract/types.mjs frontend/src/lib/api.d.ts
openapi-aws: build/openapi-aws $(call template,$(or $(STAGE),dev)) ## converts docs/openapi.yaml to an HTTP API to import: STAGE=dev ACCOUNT=123456789012 [REGION=us-east-1] [ROLE=ARN]
	@build/openapi-aws --template '$(call template,$(or $(STAGE),dev))' --region '$(REGION)' --account '$(ACCOUNT)' --role '$(ROLE)' --out 'build/openapi-aws-$(or $(STAGE),dev).json'
doctor: ; @infra/commands/doctor go node java gcc chromium aws cfn-lint moto ## lists the tools that are missing on this machine, and how to install them
clean: ; @rm -rf build .serverless node_modules {frontend,tests/bench,tests/contract}/node_modules test-results ## removes everything that was built; .local is kept

# ---- files that are built
build/.machine:
	@infra/commands/doctor --quiet go node java && mkdir -p build && touch $@
need-go need-node need-java: need-%: ; @infra/commands/doctor --quiet $*
need-aws: build/deploy
	@$(IN_AWS) build/deploy check $(ON_STAGE)
need-function:
	@[ -z '$(FN)' ] || [ -n '$(filter $(FUNCTIONS),$(FN))' ] || { echo "make: there is no function $(FN); the functions are: $(FUNCTIONS)" >&2; exit 2; }
node_modules/.package-lock.json: package.json package-lock.json | need-node
	@$(STEP) 2 'fetching npm packages' npm ci --no-audit --no-fund --loglevel=error && touch $@
frontend/node_modules/.package-lock.json tests/bench/node_modules/.package-lock.json tests/contract/node_modules/.package-lock.json: %/node_modules/.package-lock.json: %/package.json %/package-lock.json | need-node
	@npm ci --prefix $* --no-audit --no-fund --loglevel=error && touch $@
build/local/.stamp: $(FUNCTION_SOURCES) | need-go need-node
	@infra/commands/since $@ infra/commands/functions local
build/arm64/.zips: $(FUNCTION_SOURCES) build/package
	@infra/commands/since $@ infra/commands/functions arm64
$(FRONTEND): $(shell find frontend -not -path '*/node_modules*') frontend/node_modules/.package-lock.json frontend/src/lib/api.d.ts
	@infra/commands/since $@ $(STEP) 8 'building the site' npm run --prefix frontend --silent build
frontend/src/lib/api.d.ts: ; @$(MAKE) tests/contract/node_modules/.package-lock.json && node tests/contract/types.mjs $@
build/debug/%/bootstrap: $(FUNCTION_SOURCES) ; @infra/commands/functions debug '$*'
build/stack-%/cloudformation-template-update-stack.json: $(STACK_SOURCES) node_modules/.package-lock.json
	@infra/commands/since $@ $(STEP) 3 'compiling the template of $*' infra/commands/template '$*'

COMMANDS := scaffold copy key seed site deploy redrive backfill package openapi-aws
build/key build/site: NUMBER = $(if $(filter %/key,$@),6,7)
$(COMMANDS:%=build/%): build/%: $(call sources,$(addprefix infra/,account edgekey osls $(COMMANDS)) shared) | need-go need-node
	@$(STEP) '$(NUMBER)' 'building the command $*' go build -o $@ ./infra/$*
build/local-cloud: $(call sources,infra/local) | need-go need-node
	@cd infra/local && node ../commands/step.js 4 'building the local cloud' go build -o ../../$@ ./cmd/local-cloud
build/minim: $(call sources,client) | need-go ; @cd client && go build -trimpath -o ../$@ ./cmd/minim
build/tests: $(call sources,tests/run) | need-go ; @go build -o $@ ./tests/run
build/load build/load-plain build/load-scale: build/%: $(call sources,tests/load infra/local) $(FUNCTION_SOURCES) | need-go
	@tests/load/build $*
build/components/.stamp: build/local-cloud
	@$(STEP) 5 'fetching the emulators' build/local-cloud components --components build/components && touch $@
build/staticcheck build/govulncheck build/oapi-codegen: build/%: infra/tools/go.mod infra/tools/go.sum | need-go need-node
	@cd infra/tools && export GOWORK=off && node ../commands/step.js 1 'building $*' go build -o ../../$@ $$(go list tool | grep '/$*$$')
build/dlv-$(DELVE): | need-go
	@echo "building Delve (once)" && GOBIN='$(CURDIR)/build' go install github.com/go-delve/delve/cmd/dlv@$(DELVE) && mv build/dlv $@
