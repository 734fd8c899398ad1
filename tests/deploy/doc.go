// Package deploy tests the commands of docs/deploy.md, from make deploy to make
// remove, on an AWS that is emulated by moto, where that is installed
// (pip install -r tests/requirements.txt).
package deploy
