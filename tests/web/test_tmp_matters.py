import pytest
from web.permissions import *
from web.permissions import build
from web.test_permission_matrix import *
from web.test_permission_matrix import Browser, targets, expected, address, METHODS, world
MINE=[n for n in TABLE if n.startswith(("matter","part-","new-matter"))]
def test_mine(world):
    wrong=[]
    for actor in ACTORS:
        b=Browser(world,actor)
        for name in MINE:
            rule=TABLE[name]
            for side,args,reaches in targets(world,actor,name):
                path=address(name,args)
                for method in METHODS if side=="own" else ("GET","POST"):
                    for fragment in (False,True) if method in rule.methods else (False,):
                        found,status=b.ask(method,path,fragment=fragment)
                        w=expected(actor,rule,method,reaches=reaches)
                        if found!=w: wrong.append(f"{actor} {method} {path} {name} {side} {fragment}: {found} {status} not {w}")
    assert not wrong,"\n".join(wrong[:40])
