// Package deploy tests osls deploy against an AWS that is emulated by moto, where
// that is installed (pip install 'moto[all,server]').
package deploy
