-- Usage: sqlite3 :memory: '.read query.sql'
create table t (id integer primary key, name text, value real);
create index by_name on t (name);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000)
insert into t select i, 'name ' || (i * 7919 % 1000), sqrt(i) from n;
select name, count(*), sum(value) from t group by name having sum(value) > 100 order by 3 desc limit 5;
select count(*) from t a join t b on a.name = b.name and a.id < b.id where a.value + b.value > 50;
select count(*) from t where name like '%9_' or upper(name) glob 'NAME 1*';
