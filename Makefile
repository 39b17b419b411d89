# The commands of the suite. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SILENT:
MAKEFLAGS += --no-print-directory

sources := Package.swift $(wildcard Services Shared Tests)
scripts := .ci/run Services/Gateway/render deploy/demo/run deploy/demo/code deploy/chaos/run deploy/chaos/edge deploy/chaos/messaging \
	$(filter-out %.conf %.table %.txt %.py deploy/local/lib,$(wildcard deploy/local/*)) $(wildcard deploy/local/lib/*.sh) \
	deploy/compose/prepare $(addprefix deploy/images/,ask build check) $(wildcard deploy/engine/*.sh) deploy/engine/postgres-entrypoint

.PHONY: help install demo test docs up down status logs build format lint bench chaos images compose-test clean

help: ## List these commands
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

install: ## Get what is missing on this machine (Debian packages, Python packages)
	deploy/local/install

demo: up ## Play a clinic's morning through the gateway, and leave the suite up
	deploy/demo/run

test: install lint ## Lint, build, start private servers, run every test
	deploy/local/test

up: install build ## Start the private servers and two replicas of every service
	deploy/local/up
	deploy/local/services up .build/release

down: ## Stop everything; data stays
	deploy/local/down

status: ## Show what runs
	deploy/local/status

logs: ## Follow the logs of all, or of one: make logs NAME=booking-1
	deploy/local/logs $(NAME)

build: ## Build everything for release
	echo '==> Building for release'
	# Linked as the images are. The linker warns of a function in Foundation's archive that is not called here.
	swift build --quiet --configuration release --static-swift-stdlib > >(grep -v "the use of .mktemp' is dangerous")

format: ## Put the Swift sources into the one format
	swift format format --in-place --recursive --parallel $(sources)

lint: ## Refuse sources that are not in the one format, and unsafe shell
	echo '==> Checking format and scripts'
	swift format lint --strict --recursive --parallel $(sources)
	shellcheck --external-sources $(scripts)

docs: ## Write the documents that follow from the code: configuration, OpenAPI, AsyncAPI, events
	swift build --quiet --build-tests
	deploy/local/document-configuration > docs/configuration.md
	deploy/local/document-events
	deploy/local/document-api

bench: up ## Measure the whole path, as ratios
	deploy/local/install bench
	deploy/bench/run

chaos: up ## Kill every process in turn under load, for long, attack the gateway, and play many stories of messaging
	deploy/chaos/run
	deploy/chaos/edge
	deploy/chaos/messaging

images: ## Build the container images
	deploy/images/build

compose-test: images ## Run the suite of compose.yaml and ask it
	deploy/images/check

clean: ## Stop everything and remove all that was built or stored here
	deploy/local/clean
	rm -rf .build
